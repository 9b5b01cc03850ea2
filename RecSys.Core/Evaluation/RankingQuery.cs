namespace RecSys.Core.Evaluation;

/// <summary>Who asks for a list, and when.</summary>
/// <param name="user">Ordinal of the user; -1 when unknown.</param>
/// <param name="history">Item ordinals the user has consumed, oldest first; may be empty.</param>
/// <param name="atMs">Moment of the request, Unix milliseconds; what happened at it or later is not known. Null: the request has no time,
/// and everything that the model was given is known.</param>
public readonly ref struct RankingQuery(int user, ReadOnlySpan<int> history, long? atMs = null)
{
    /// <summary>Ordinal of the user; -1 when unknown.</summary>
    public int User { get; } = user;

    /// <summary>Item ordinals the user has consumed, oldest first.</summary>
    public ReadOnlySpan<int> History { get; } = history;

    /// <summary>Unix milliseconds; null without a time.</summary>
    public long? AtMs { get; } = atMs;
}
