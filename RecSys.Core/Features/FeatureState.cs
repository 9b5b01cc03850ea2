using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// Everything that features are computed from: users, items and the whole. <see cref="Resolve(in LogEvent, UserState?)"/> reads all three
/// and says what an event contributes; with that recorded, each of the three is a fold of its own, which gives the same wherever, in
/// whatever split and however often it is repeated. One writer at a time; item and overall counters may be read beside it.
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
        ItemStates = new ItemStateTable(facts);
    }

    /// <summary>What features need of each item.</summary>
    internal ItemColumns Facts { get; }

    /// <summary>Takes in an item, new or changed, in the writer's turn and before the catalogue shows it.</summary>
    public void PutItem(int number, Item item) => Facts.Put(number, ItemFacts.Of(item));

    /// <summary>Knows nothing of an item any more but its counters: it was removed.</summary>
    internal void ForgetItem(int number) => Facts.Put(number, in ItemFacts.Unknown);

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

    /// <summary>Takes over the state of a user that was folded elsewhere.</summary>
    internal void RestoreUser(int user, UserState state)
    {
        if (user >= users.Length) Array.Resize(ref users, Math.Max(user + 1, users.Length * 2));
        users[user] = state;
    }

    /// <summary>What the event contributes, judged before any side has taken it in; changes nothing.</summary>
    public Contribution Resolve(in LogEvent e) => Resolve(in e, FindUser(e.User));

    /// <summary>The same for a user whose state is kept elsewhere; null for one without events.</summary>
    public Contribution Resolve(in LogEvent e, UserState? user)
    {
        if (e.Item < 0) return Contribution.None;
        user ??= UserState.Nobody;
        var play = user.PlayOf(in e);
        var began = (play & PlayKind.Began) != 0;
        if (!began && e.Type != EventType.Impression) return play == PlayKind.None ? Contribution.None : new Contribution(play);
        ref readonly var item = ref ItemStates.Peek(e.Item);
        float userClicks = 0, itemClicks = 0, userLongViews = 0, itemLongViews = 0;
        if (e.Type == EventType.Impression)
        {
            var rate = Global.ExpectedClicks(e.Location, e.Position);
            userClicks = Smooth.Lifted(rate, item.ClickLift);
            itemClicks = Smooth.Lifted(rate, user.Counters.ClickLift);
        }
        if (began)
        {
            var duration = Facts[e.Item].LogDuration;
            userLongViews = Global.ExpectedLongViews(duration, item.LongViewLift);
            itemLongViews = Global.ExpectedLongViews(duration, user.Counters.LongViewLift);
        }
        return new Contribution(play, userClicks, userLongViews, itemClicks, itemLongViews);
    }

    /// <summary>
    /// Takes in one event with its contribution. An erased user's (-1) counts for the item and the whole only; one on no item (-1) counts
    /// for nothing.
    /// </summary>
    public void Apply(in LogEvent e, in Contribution c)
    {
        if (e.Item < 0) return;
        if (e.User >= 0) GetOrAddUser(e.User).Apply(in e, in Facts[e.Item], in c);
        ApplyShared(in e, in c);
    }

    /// <summary>The same without the user, whose state is kept elsewhere.</summary>
    public void ApplyShared(in LogEvent e, in Contribution c)
    {
        if (e.Item < 0) return;
        ItemStates.Apply(in e, in c);
        Global.Apply(in e, in Facts[e.Item], in c);
    }

    /// <summary>
    /// Resolves an event and takes it in, where nothing was recorded. One of no user (-1) is judged like the first of an unknown one.
    /// </summary>
    public void Apply(in LogEvent e)
    {
        var c = Resolve(in e);
        Apply(in e, in c);
    }

    /// <summary>What is kept of the first user becomes the second's; the first is without events then.</summary>
    public void MergeUser(int from, int into)
    {
        if (from == into || FindUser(from) is not { } state) return;
        GetOrAddUser(into).Merge(state);
        users[from] = null;
    }

    /// <summary>
    /// Item and overall counters as of now, to be written while the fold goes on. Called by the writer between two events; users are not in
    /// it, they are stored one by one. Dispose of it when it is written.
    /// </summary>
    /// <param name="position">All entries up to here are folded, none behind.</param>
    /// <exception cref="InvalidOperationException">The snapshot before it is still open.</exception>
    public FeatureSnapshot BeginSnapshot(long position) => new(position, this);

    /// <summary>Item and overall counters from what <see cref="FeatureSnapshot.WriteTo"/> wrote; without users.</summary>
    /// <param name="source">The snapshot.</param>
    /// <param name="items">The catalogue.</param>
    /// <param name="position">Gets the position that the fold goes on behind.</param>
    /// <exception cref="RecSysException">A part is damaged or of another version; the message names it.</exception>
    public static FeatureState ReadFrom(Stream source, ItemCatalog items, out long position)
    {
        var state = new FeatureState(ItemColumns.Of(items));
        position = FeatureSnapshot.Read(source, state);
        return state;
    }
}
