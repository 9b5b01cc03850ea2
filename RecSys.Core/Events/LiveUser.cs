using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Events;

/// <summary>What this process knows about one user. Everything mutable is read and written under <see cref="Gate"/>.</summary>
public sealed class LiveUser
{
    private readonly Dictionary<int, long> consumed = [];
    private readonly Dictionary<int, long> shown = [];
    private readonly HashSet<int> rejected = [];

    internal LiveUser(string id, int ordinal, User? profile, UserState state)
    {
        Id = id;
        Ordinal = ordinal;
        Profile = profile;
        State = state;
    }

    public string Id { get; }

    /// <summary>Number of the user in this process; means nothing elsewhere.</summary>
    public int Ordinal { get; }

    /// <summary>Stored profile, or null when only events are known.</summary>
    public User? Profile { get; }

    /// <summary>The feature state; take <see cref="Gate"/> while using it.</summary>
    public UserState State { get; }

    public object Gate { get; } = new();

    /// <summary>True once the lists served before this process started are in <see cref="ShownAt"/>.</summary>
    public bool ShownLoaded { get; set; }

    /// <summary>Number of items consumed or shown: how many more nearest items retrieval has to ask for.</summary>
    public int SeenCount => consumed.Count + shown.Count + rejected.Count;

    /// <summary>Last time of a positive event on the item, Unix milliseconds; null if none.</summary>
    public long? ConsumedAt(int item) => consumed.TryGetValue(item, out var at) ? at : null;

    /// <summary>Last time the item was in a served list or an impression event; null if never.</summary>
    public long? ShownAt(int item) => shown.TryGetValue(item, out var at) ? at : null;

    /// <summary>True when the user disliked or hid the item.</summary>
    public bool HasRejected(int item) => rejected.Contains(item);

    /// <summary>Notes that an item was shown and forgets what was shown before <paramref name="forgetBeforeMs"/>.</summary>
    public void RememberShown(int item, long timeMs, long forgetBeforeMs)
    {
        if (!shown.TryGetValue(item, out var at) || at < timeMs) shown[item] = timeMs;
        if (shown.Count <= 512 || (shown.Count & 63) != 0) return;
        foreach (var (old, when) in shown)
        {
            if (when < forgetBeforeMs) shown.Remove(old);
        }
    }

    internal void Note(in LogEvent e)
    {
        if (e.Meaning == EventMeaning.Undo) TakeBack(e.Type, e.Item);
        else if (e.Meaning == EventMeaning.Positive) consumed[e.Item] = e.TimeMs;
        else if (e.Meaning == EventMeaning.Negative) rejected.Add(e.Item);
        else if (e.Type == EventType.Impression) RememberShown(e.Item, e.TimeMs, e.TimeMs - (long)TimeSpan.FromDays(30).TotalMilliseconds);
    }

    private void TakeBack(EventType type, int item)
    {
        if (type.IsPositive()) consumed.Remove(item);
        else if (type.IsRejection()) rejected.Remove(item);
    }
}
