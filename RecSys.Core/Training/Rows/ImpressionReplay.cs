using RecSys.Core.Features;

namespace RecSys.Core.Training.Rows;

/// <summary>Which rows <see cref="ImpressionRows"/> makes of a log.</summary>
/// <param name="TowersUntilMs">
/// Unix milliseconds; lists that begin from this time on have tower scores. The towers are fitted on events before it.
/// </param>
/// <param name="Labels">Per event of the log, from <see cref="Features.ImpressionLabels"/>.</param>
internal sealed record ImpressionReplay(long TowersUntilMs, float[] Labels)
{
    /// <summary>Index of the first event whose impression becomes a row; all that come before are folded only.</summary>
    public int First { get; init; }

    /// <summary>The latest so many impressions become rows; all of them unless told otherwise.</summary>
    public int MaxRows { get; init; } = int.MaxValue;

    /// <summary>What the state stops taking in, and when; null: nothing.</summary>
    public StateFreeze? Freeze { get; init; }
}
