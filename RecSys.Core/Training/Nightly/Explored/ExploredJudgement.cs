using RecSys.Core.Evaluation;

namespace RecSys.Core.Training.Nightly.Explored;

/// <summary>What explored places say of a challenger and the champion, in the form that is stored. Rewards are per place.</summary>
internal sealed record ExploredJudgement
{
    /// <summary>Explored places of the test part that were judged.</summary>
    public int Places { get; init; }

    /// <summary>Users that they are of.</summary>
    public int Users { get; init; }

    /// <summary>What the drawn items earned.</summary>
    public Estimate? Logged { get; init; }

    /// <summary>Of the champion, then of the challenger; empty when nothing was judged.</summary>
    public IReadOnlyList<ExploredValue> Values { get; init; } = [];

    /// <summary>Challenger less champion, self-normalised; null when it was refused.</summary>
    public Estimate? SnipsGain { get; init; }

    /// <summary>Challenger less champion, doubly robust; null when it was refused.</summary>
    public Estimate? Gain { get; init; }

    /// <summary>Why nothing is said; null when something is.</summary>
    public string? Refusal { get; init; }
}

/// <summary>What one model's best of each pool would have earned.</summary>
/// <param name="Model">Its part in the comparison.</param>
/// <param name="EffectiveSampleSize">Places of its own that would tell as much.</param>
/// <param name="MeanWeight">1 but for chance.</param>
/// <param name="Snips">Self-normalised estimate; null when it was refused.</param>
/// <param name="DoublyRobust">Doubly robust estimate; null when it was refused.</param>
internal sealed record ExploredValue(
    string Model, double EffectiveSampleSize, Estimate MeanWeight, Estimate? Snips, Estimate? DoublyRobust);
