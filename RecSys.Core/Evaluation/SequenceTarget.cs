namespace RecSys.Core.Evaluation;

/// <summary>An entry of a user's sequence that has to be told from the entries before it.</summary>
/// <param name="User">The user's whole sequence.</param>
/// <param name="At">Place of the entry in it.</param>
internal readonly record struct SequenceTarget(UserSequence User, int At)
{
    /// <summary>Ordinal of the item wanted.</summary>
    public int Item => User.Sequence.Span[At];

    /// <summary>Index, in the log, of the event that made the entry.</summary>
    public int Event => User.Events.Span[At];

    /// <summary>Unix milliseconds.</summary>
    public long TimeMs => User.TimesMs.Span[At];

    /// <summary>Item ordinals of the entries before, oldest first.</summary>
    public ReadOnlySpan<int> History => User.Sequence.Span[..At];

    /// <summary>The same without the sequence behind it.</summary>
    public HeldOutChoice ToChoice() => new(User.User, Item, User.Sequence[..At], TimeMs);

    /// <summary>
    /// Entries behind a moment that are new to their users, not taken back and not their very first, by user, each user's in their order.
    /// Those are what a list without seen items can hold.
    /// </summary>
    /// <param name="users">Sequences.</param>
    /// <param name="afterMs">Unix milliseconds; an entry at that moment is not behind it.</param>
    /// <param name="untilMs">The last moment whose entries count.</param>
    public static IEnumerable<SequenceTarget> Successive(IEnumerable<UserSequence> users, long afterMs, long untilMs = long.MaxValue) =>
        users.SelectMany(user => Enumerable.Range(0, user.Sequence.Length)
            .Select(at => new SequenceTarget(user, at))
            .Where(target => target.At > 0 && target.TimeMs > afterMs && target.TimeMs <= untilMs && target.IsNew));

    private bool IsNew => !History.Contains(Item) && !User.IsUndone(At);
}
