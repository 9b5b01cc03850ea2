namespace RecSys.Core.Training.Nightly;

/// <summary>Files of a run, by their paths within its folder.</summary>
internal static class NightFiles
{
    public const string Collected = "collect.json";
    public const string Items = "log/items.bin";
    public const string Users = "log/users.bin";
    public const string Events = "log/events.bin";

    /// <summary>What the log had come to before the window: counters of items and the whole, and users.</summary>
    public const string PastFeatures = "log/past-features.bin";

    public const string PastUsers = "log/past-users.bin";

    public const string Quality = "quality.json";
    public const string QualityText = "quality.txt";
    public const string Rejected = "rejected.bin";
    public const string Split = "split.json";
    public const string RowsHeader = "rows.json";
    public const string RowsIndex = "rows.parquet";
    public const string RowsValues = "rows.f32";

    /// <summary>Folder of the towers, in the forms of a bundle.</summary>
    public const string Towers = "towers";

    public const string TowersHeader = "towers/towers.json";

    /// <summary>The challenger, a bundle as it would be published.</summary>
    public const string Challenger = "challenger";

    /// <summary>What validation chose for the challenger's ranker.</summary>
    public const string Chosen = "chosen.json";

    /// <summary>Why a challenger has neither.</summary>
    public const string Fault = "fault.json";

    public const string Evaluation = "evaluation.json";
    public const string Skew = "skew.json";
    public const string Gate = "gate.json";
    public const string Refit = "refit.json";

    /// <summary>The challenger, fitted again up to the newest event: a bundle.</summary>
    public const string Refitted = "refitted";

    public const string Publication = "publication.json";

    /// <summary>What takes the room; it can be made again. Further challengers have theirs in folders of their own.</summary>
    public static IReadOnlyList<string> Large { get; } = ["log", Rejected, RowsIndex, RowsValues, Towers, Challenger, Refitted];
}
