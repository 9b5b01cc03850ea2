using System.Globalization;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Dashboard;

/// <summary>One night.</summary>
/// <param name="Day">Last day of its window.</param>
/// <param name="Done">Steps that are finished.</param>
/// <param name="HasReport">True once its report can be read.</param>
public sealed record NightEntry(string Day, IReadOnlyList<NightStep> Done, bool HasReport)
{
    internal static NightEntry Of(NightSummary night) => new(
        night.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        [.. night.Done.Select(step => new NightStep(step.Step, step.Verdict, step.Stopped, Math.Round(step.Seconds, 1), step.EndedAt))],
        night.HasReport);
}
