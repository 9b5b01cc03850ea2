using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Explaining;

/// <summary>Why an item is in a served list, or is not.</summary>
public sealed record Explanation
{
    /// <summary>What of the present world the list was made again with, where the log has gone on since.</summary>
    public const string Items = "items", User = "user", Rules = "rules", Policy = "policy", Filter = "filter", Boost = "boost";

    /// <summary>What is on record of the list.</summary>
    public required ServedRecord Record { get; init; }

    /// <summary>Number of the item.</summary>
    public required int Item { get; init; }

    /// <summary>Position of the world that the list was made again in.</summary>
    public required long Position { get; init; }

    /// <summary>
    /// What was not as it was when the list was served: <see cref="Items"/> (counters and content of items, and what is popular),
    /// <see cref="User"/>, <see cref="Rules"/>, <see cref="Policy"/>; <see cref="Filter"/> and <see cref="Boost"/>, of which only a digest
    /// is on record and without which it was made. Empty: all was.
    /// </summary>
    public required IReadOnlyList<string> FromPresent { get; init; }

    /// <summary>True when the list that was made again is the recorded one.</summary>
    public required bool Reproduced { get; init; }

    /// <summary>What became of the item.</summary>
    public required ItemFate Fate { get; init; }

    /// <summary>Where it was lost; null for a served one.</summary>
    public string? Stage { get; init; }

    /// <summary>Why; null for a served one.</summary>
    public string? Reason { get; init; }

    /// <summary>Its zero-based place in the list, as recorded; -1 for one that was not served.</summary>
    public required int Place { get; init; }

    /// <summary>The candidate, as the stages had it last; null where it was none.</summary>
    public Candidate? Candidate { get; init; }

    /// <summary>What each stage did with it, in order.</summary>
    public required IReadOnlyList<ItemStep> Steps { get; init; }

    /// <summary>Where it stands in what the sources propose.</summary>
    public required IReadOnlyList<SourceStanding> Sources { get; init; }

    /// <summary>What its score is made of; null where it was not ranked.</summary>
    public ScoreParts? Score { get; init; }
}
