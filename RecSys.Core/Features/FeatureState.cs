using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// Everything that features are computed from: users, items and the whole. Replay and training use all of it; a server keeps user states elsewhere
/// (one lock per user) and calls <see cref="ApplyShared"/> for the rest.
/// </summary>
public sealed class FeatureState
{
    private UserState?[] users = new UserState?[64];
    private ItemCatalog items;

    public FeatureState(ItemCatalog items)
    {
        this.items = items;
        Global = new GlobalState();
        ItemStates = new ItemStateTable(Global, ItemColumns.Of(items));
    }

    /// <summary>The current snapshot; a successor made by <see cref="ItemCatalog.With"/> may replace it while events flow.</summary>
    public ItemCatalog Items
    {
        get => Volatile.Read(ref items);
        set
        {
            ItemStates.Columns = ItemColumns.Of(value);
            Volatile.Write(ref items, value);
        }
    }

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
        // What was to be expected of the impression is judged before either side has taken it in.
        var userLift = user.Counters.ClickLift;
        user.Apply(in e, ItemStates.Columns, e.Type == EventType.Impression ? ExpectedClicks(in e) : 0);
        ItemStates.Apply(in e, userLift);
        Global.Apply(in e, in ItemStates.Columns[e.Item]);
    }

    /// <summary>Takes in one event for the item and the whole only, as one of an average user. One writer at a time.</summary>
    public void ApplyShared(in LogEvent e)
    {
        if (e.Item < 0) return;
        ItemStates.Apply(in e);
        Global.Apply(in e, in ItemStates.Columns[e.Item]);
    }

    // Click probability of an average user at this item, location and position.
    private float ExpectedClicks(in LogEvent e) =>
        Smooth.Lifted(Global.ExpectedClicks(e.Location, e.Position), ItemStates.Read(e.Item).ClickLift);
}
