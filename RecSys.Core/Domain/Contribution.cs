namespace RecSys.Core.Domain;

/// <summary>
/// What one event adds to counters that depend on more than the event: the resolver computes it once, from the state of user, item and
/// whole before the event, and it is recorded beside the entry. With it, the states of user, item and whole are each a fold of their own.
/// </summary>
/// <param name="Play">What the event says about plays of this user.</param>
/// <param name="UserClicks">Clicks that an average user would have made of this impression; 0 for other events.</param>
/// <param name="UserLongViews">Long views that an average user would have made of this play; 0 where none began.</param>
/// <param name="ItemClicks">Clicks that an average item would have got from this impression; 0 for other events.</param>
/// <param name="ItemLongViews">Long views that an average item of the same duration would have got from this play; 0 where none
/// began.</param>
public readonly record struct Contribution(
    PlayKind Play, float UserClicks = 0, float UserLongViews = 0, float ItemClicks = 0, float ItemLongViews = 0)
{
    /// <summary>Of an event without impression or play.</summary>
    public static readonly Contribution None = new(PlayKind.None);
}
