using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>Gathers the events of a window into an <see cref="InteractionLog"/>, wherever they are read from.</summary>
/// <param name="items">By number.</param>
/// <param name="users">Users with a profile in the order they were first stored; grows by those that only events and merges name.</param>
/// <param name="expected">Events to make room for.</param>
internal sealed class InteractionLogBuilder(ItemCatalog items, List<User> users, int expected = 0)
{
    private readonly Dictionary<string, int> ordinals =
        users.Select((user, at) => KeyValuePair.Create(user.Id, at)).ToDictionary(StringComparer.Ordinal);
    private readonly Dictionary<string, byte> devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte> locations = new(StringComparer.Ordinal);
    private readonly ListNumbers lists = new();
    // Of a large log a copy more is what does not fit.
    private LogEvent[] events = new LogEvent[expected];
    private long[] positions = new long[expected];

    /// <summary>Events so far.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds the event behind the last one.</summary>
    internal void Add(long position, LogEvent e)
    {
        if (Count == events.Length)
        {
            Array.Resize(ref events, Math.Max(16, Count * 2));
            Array.Resize(ref positions, events.Length);
        }
        (events[Count], positions[Count]) = (e, position);
        Count++;
    }

    /// <summary>Ordinal of the user, who gets one where the id is new.</summary>
    internal int UserOf(ReadOnlySpan<char> id)
    {
        if (ordinals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var user)) return user;
        users.Add(new User { Id = id.ToString() });
        return ordinals[users[^1].Id] = users.Count - 1;
    }

    /// <summary>Code of the device; empty for none.</summary>
    internal byte DeviceOf(ReadOnlySpan<char> name) => CodeOf(name, devices, ContextCodes.Device);

    /// <summary>Code of the location; empty for none.</summary>
    internal byte LocationOf(ReadOnlySpan<char> name) => CodeOf(name, locations, ContextCodes.Location);

    /// <summary>Number of the list that a request was answered with, from 1 on.</summary>
    /// <param name="requestId">UTF-8.</param>
    internal int ListOf(ReadOnlySpan<byte> requestId) => lists.Of(requestId);

    /// <summary>The log, in which events behind a merge are those of whom the user became.</summary>
    /// <param name="stored">All merges of the log by position, with the ids that they named.</param>
    /// <param name="first">Users with these ids come first, in this order and as they are here; null leaves all in the order in which
    /// they came. Nothing can be added afterwards.</param>
    internal InteractionLog Build(
        IReadOnlyList<(long Position, string From, string Into)> stored, IReadOnlyList<User>? first = null)
    {
        // Chains and repetitions are followed as the live fold follows them: a merge is of those whom the two have become until then.
        var merges = new List<LogMerge>();
        var became = new Dictionary<int, int>();
        var next = 0;
        for (var i = 0; i <= Count && (next < stored.Count || became.Count > 0); i++)
        {
            for (; next < stored.Count && (i == Count || stored[next].Position < positions[i]); next++)
            {
                var (from, into) = (Final(UserOf(stored[next].From)), Final(UserOf(stored[next].Into)));
                if (from == into) continue;
                became[from] = into;
                merges.Add(new LogMerge(stored[next].Position, from, into));
            }
            if (i < Count && events[i].User >= 0 && became.Count > 0) events[i] = events[i] with { User = Final(events[i].User) };
        }
        if (first is not null) Reorder(first, merges);
        Array.Resize(ref events, Count);
        Array.Resize(ref positions, Count);
        return new InteractionLog(items, new UserDirectory(users), events, positions) { Merges = merges };

        int Final(int user)
        {
            while (became.TryGetValue(user, out var into)) user = into;
            return user;
        }
    }

    private void Reorder(IReadOnlyList<User> first, List<LogMerge> merges)
    {
        var places = first.Select((user, at) => KeyValuePair.Create(user.Id, at)).ToDictionary(StringComparer.Ordinal);
        var (moved, ordered) = (new int[users.Count], new List<User>(first));
        for (var user = 0; user < moved.Length; user++)
        {
            if (places.TryGetValue(users[user].Id, out moved[user])) continue;
            moved[user] = ordered.Count;
            ordered.Add(users[user]);
        }
        for (var i = 0; i < Count; i++)
        {
            if (events[i].User >= 0) events[i] = events[i] with { User = moved[events[i].User] };
        }
        for (var i = 0; i < merges.Count; i++)
            merges[i] = merges[i] with { From = moved[merges[i].From], Into = moved[merges[i].Into] };
        users.Clear();
        users.AddRange(ordered);
    }

    private static byte CodeOf(ReadOnlySpan<char> name, Dictionary<string, byte> codes, Func<string?, byte> codeOf)
    {
        if (name.IsEmpty) return 0;
        var known = codes.GetAlternateLookup<ReadOnlySpan<char>>();
        return known.TryGetValue(name, out var code) ? code : known[name] = codeOf(name.ToString());
    }
}
