namespace RecSys.Core.Merchandising;

/// <summary>
/// A merchandising rule as its author wrote it. Which fields belong to which kind, and their bounds, say <see cref="RuleFaults"/>.
/// </summary>
public sealed record Rule
{
    /// <summary>1 to 256 characters.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public string Name { get; init; } = "";
    public required RuleKind Kind { get; init; }

    /// <summary>Which items it is about, as docs/expressions.md says: boost, bury, include and exclude.</summary>
    public string? Filter { get; init; }

    /// <summary>Id of the item: pin.</summary>
    public string? Item { get; init; }

    /// <summary>Place in the list, from 1: pin.</summary>
    public int? Position { get; init; }

    /// <summary>By what scores are multiplied: boost and bury.</summary>
    public double? Factor { get; init; }

    /// <summary>What is counted: cap.</summary>
    public CapGroup? By { get; init; }

    /// <summary>Most items of each group: cap.</summary>
    public int? Most { get; init; }

    /// <summary>Among so many first places: cap.</summary>
    public int? Top { get; init; }

    /// <summary>Names of the scenarios in which it holds; empty: in all.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>For whom it holds, a condition on the fields of the user and the request; null: for all.</summary>
    public string? Segment { get; init; }

    /// <summary>From when on it holds; null: always did.</summary>
    public DateTimeOffset? Starts { get; init; }

    /// <summary>From when on it does not hold any more; null: never ends.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>Of two rules that cannot both be followed, the one with the greater number is.</summary>
    public int Priority { get; init; }

    /// <summary>False: it is kept and not followed.</summary>
    public bool Enabled { get; init; } = true;
}
