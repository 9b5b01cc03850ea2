using System.Text.Json.Serialization;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>What came of fitting the challenger again up to the newest event, <c>refit.json</c>.</summary>
/// <param name="Outcome">What is to be published.</param>
/// <param name="Split">Where the window was cut for it; null where nothing was fitted.</param>
/// <param name="Checks">Everything that was asked of it, in the order of asking.</param>
internal sealed record RefitFile(RefitOutcome Outcome, SplitFile? Split, IReadOnlyList<RefitCheck> Checks)
{
    /// <summary>Which of several challengers was fitted again; null for that of <c>Training:Ranker</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    /// <summary>
    /// Mean share of the ten best items that judged and refitted model have in common, over the choices of the test part.
    /// </summary>
    public double? Overlap { get; init; }

    /// <summary>Rank correlation (Spearman) of their scores on the impressions of the test part; null without any.</summary>
    public double? Correlation { get; init; }

    /// <summary>The outcome for those checks.</summary>
    public static RefitFile Of(SplitFile split, IReadOnlyList<RefitCheck> checks) =>
        new(checks.All(check => check.Passed) ? RefitOutcome.Refitted : RefitOutcome.Judged, split, checks);

    /// <summary>What is published and why, in words; empty where no refit was asked for.</summary>
    [JsonIgnore]
    public string Remark => Outcome switch
    {
        RefitOutcome.Refitted => "refitted up to the newest event",
        RefitOutcome.Judged => "as judged, since the refitted model failed "
            + string.Join("; ", Checks.Where(check => !check.Passed).Select(check => $"{check.Name} ({check.Reason})")),
        _ => "",
    };

    /// <summary><see cref="Remark"/> behind another sentence; empty where there is none.</summary>
    [JsonIgnore]
    public string Addition => Remark.Length > 0 ? $"; {Remark}" : "";
}

/// <summary>Which model of a night is published. The names are stored.</summary>
internal enum RefitOutcome
{
    /// <summary>The judged one: no refit is asked for.</summary>
    Off = 0,

    /// <summary>None: the gate refused the judged one.</summary>
    Refused = 1,

    /// <summary>The judged one: the refitted one failed a check.</summary>
    Judged = 2,

    /// <summary>The refitted one.</summary>
    Refitted = 3,
}

/// <summary>One thing that was asked of a refitted model.</summary>
/// <param name="Name">Such as <c>overlap@10</c>.</param>
/// <param name="Passed">What came out; what could not be measured passes and says so.</param>
/// <param name="Value">What was measured; null where nothing was.</param>
/// <param name="Bound">What it was held against; null where there is no number.</param>
/// <param name="Reason">In words.</param>
internal sealed record RefitCheck(string Name, bool Passed, double? Value, double? Bound, string Reason);
