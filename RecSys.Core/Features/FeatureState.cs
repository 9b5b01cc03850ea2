using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// Everything that features are computed from: users, items and the whole. Replay and training use all of it; a server keeps user states elsewhere
/// (one lock per user) and calls <see cref="ApplyShared"/> for the rest.
/// </summary>
public sealed class FeatureState
{
    private UserState?[] users = new UserState?[64];

    /// <summary>Of the items that the catalogue has now; those that come later are told by <see cref="PutItem"/>.</summary>
    public FeatureState(ItemCatalog items) : this(ItemColumns.Of(items))
    {
    }

    internal FeatureState(ItemColumns facts)
    {
        Facts = facts;
        Global = new GlobalState();
        ItemStates = new ItemStateTable(Global, facts);
    }

    /// <summary>What features need of each item.</summary>
    internal ItemColumns Facts { get; }

    /// <summary>Takes in an item, new or changed, in the writer's turn and before the catalogue shows it.</summary>
    public void PutItem(int number, Item item) => Facts.Put(number, ItemFacts.Of(item));

    public ItemStateTable ItemStates { get; }
    public GlobalState Global { get; }

    /// <summary>Null for a user without events.</summary>
    public UserState? FindUser(int user)
    {
        var known = users;
        return (uint)user < (uint)known.Length ? known[user] : null;
    }

    public UserState GetOrAddUser(int user)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(user);
        if (user >= users.Length) Array.Resize(ref users, Math.Max(user + 1, users.Length * 2));
        return users[user] ??= new UserState();
    }

    /// <summary>Takes in one event for the user, the item and the whole; an event with a negative ordinal is ignored.</summary>
    public void Apply(in LogEvent e)
    {
        if (e.User < 0 || e.Item < 0) return;
        var user = GetOrAddUser(e.User);
        var play = user.PlayOf(in e);
        // What was to be expected of the event is judged before either side has taken it in.
        var lifts = new Lifts(user.Counters.ClickLift, user.Counters.LongViewLift);
        user.Apply(in e, Facts, ExpectedOf(in e, play), play);
        ItemStates.Apply(in e, in lifts, play);
        Global.Apply(in e, in Facts[e.Item], play);
    }

    /// <summary>Takes in one event for the item and the whole only, as one of an average user whose long views follow a play. One writer at a time.</summary>
    public void ApplyShared(in LogEvent e)
    {
        if (e.Item < 0) return;
        var play = UserState.PlayOf(in e, continues: true);
        ItemStates.Apply(in e, in Lifts.None, play);
        Global.Apply(in e, in Facts[e.Item], play);
    }

    // What an average user would have made of this item, here and at this position.
    private Lifts ExpectedOf(in LogEvent e, PlayKind play)
    {
        ref readonly var item = ref ItemStates.Read(e.Item);
        return new Lifts(
            e.Type == EventType.Impression ? Smooth.Lifted(Global.ExpectedClicks(e.Location, e.Position), item.ClickLift) : 0,
            play == PlayKind.None ? 0 : Global.ExpectedLongViews(Facts[e.Item].LogDuration, item.LongViewLift));
    }
}
