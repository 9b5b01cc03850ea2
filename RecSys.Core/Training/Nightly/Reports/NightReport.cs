namespace RecSys.Core.Training.Nightly.Reports;

/// <summary>Placeholder until the next commit.</summary>
internal static class NightReport
{
    public static Task WriteAsync(NightContext night, IReadOnlyList<StepResult> results, CancellationToken ct) => Task.CompletedTask;
}
