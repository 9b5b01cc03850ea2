namespace RecSys.Core.Domain;

/// <summary>
/// The rule by which events become a user's item sequence. Serving state, tower training and evaluation all use it, so that
/// a model sees the same kind of history everywhere: events of positive meaning in time order, and several events on one item
/// (shown, clicked, liked) count as one entry. An entry stays when the event behind it is taken back: the interest was there.
/// </summary>
public static class InteractionSequence
{
    /// <summary>An item that is among this many latest entries is not entered again.</summary>
    public const int RepeatWindow = 20;

    /// <summary>True when the event adds an entry behind <paramref name="sequence"/> (oldest first).</summary>
    public static bool Extends(ReadOnlySpan<int> sequence, in LogEvent e)
    {
        if (!e.IsPositive) return false;
        var tail = sequence.Length > RepeatWindow ? sequence[^RepeatWindow..] : sequence;
        return !tail.Contains(e.Item);
    }
}
