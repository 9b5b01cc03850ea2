using System.Text;
using static System.FormattableString;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>What became of the challengers, by kind.</summary>
internal static class GateTable
{
    // As many criteria as fit a line.
    private const int Most = 6;

    /// <summary>Kind, verdicts, how often the criterion that is made for it refused, and all that did.</summary>
    public static string Of(IReadOnlyList<GateTrial> trials)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"{"challenger",-12}{"seeds",6}{"passed",8}{"refused",9}{"right",7}  {"by",-18} all that refused\n"));
        foreach (var kind in trials.GroupBy(trial => trial.Kind.Name))
        {
            var own = kind.ToArray();
            var passed = own.Count(trial => trial.Gate.Passed);
            text.Append(Invariant(
                $"{kind.Key,-12}{own.Length,6}{passed,8}{own.Length - passed,9}{own.Count(trial => trial.IsRight),7}  "))
                .Append(Invariant($"{own[0].Kind.Criterion ?? "-",-18} "))
                .Append(string.Join(", ", Counts(own).Take(Most).Select(count => Invariant($"{count.Key} {count.Value}")))).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>To be written as JSON: all trials with their reasons.</summary>
    public static object Json(IReadOnlyList<GateTrial> trials) => new
    {
        bench = "gate",
        right = trials.Count(trial => trial.IsRight),
        trials = trials.Select(trial => new
        {
            seed = trial.Seed, kind = trial.Kind.Name, made_for_it = trial.Kind.Criterion,
            verdict = trial.Gate.Verdict.ToString().ToLowerInvariant(), right = trial.IsRight, failed = trial.Failed,
            auc_gain = Rounded(trial.Gate.AucGain), reasons = trial.Gate.Reasons,
            criteria = trial.Gate.Criteria.Select(criterion => new
            {
                rule = criterion.Rule.ToString().ToLowerInvariant(), name = criterion.Name, passed = criterion.Passed,
                value = Rounded(criterion.Value), low = Rounded(criterion.Low), high = Rounded(criterion.High),
            }),
            seconds = Math.Round(trial.Seconds, 1),
        }),
    };

    private static double? Rounded(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number, 5) : null;

    private static Dictionary<string, int> Counts(GateTrial[] trials) => trials.Where(trial => !trial.Gate.Passed)
        .SelectMany(trial => trial.Failed).CountBy(name => name).OrderByDescending(count => count.Value).ToDictionary();
}
