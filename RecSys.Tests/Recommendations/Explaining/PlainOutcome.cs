using RecSys.Core.Pipeline;

namespace RecSys.Tests.Recommendations.Explaining;

/// <summary>What became of the items of one request.</summary>
internal sealed class PlainOutcome
{
    /// <summary>False where a stage would run that the plain pipeline does not have.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Every item that a source proposed.</summary>
    public required HashSet<int> Candidates { get; init; }

    /// <summary>By item, which filter took it out, and why.</summary>
    public Dictionary<int, (string Stage, string Reason)> Removed { get; } = [];

    /// <summary>By item, who proposed it.</summary>
    public required Dictionary<int, CandidateSources> Sources { get; init; }

    /// <summary>Why the user must not get an item; null where nothing speaks against it.</summary>
    public required Func<int, string?> Against { get; init; }

    /// <summary>Zero-based ranks by item behind every stage that moves items, in order.</summary>
    public List<(string Stage, Dictionary<int, int> Ranks)> Moves { get; } = [];

    /// <summary>Raw scores of the ranked items.</summary>
    public Dictionary<int, double> Raw { get; } = [];

    /// <summary>What the list is ordered by.</summary>
    public Dictionary<int, double> Scores { get; set; } = [];

    /// <summary>The list.</summary>
    public List<int> List { get; } = [];
}
