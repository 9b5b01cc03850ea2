using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>Gathers the events of a window into an <see cref="InteractionLog"/>, wherever they are read from.</summary>
/// <param name="items">By number.</param>
/// <param name="users">Users with a profile in the order they were first stored; grows by those that only events and merges name.</param>
internal sealed class InteractionLogBuilder(ItemCatalog items, List<User> users)
{
    private readonly Dictionary<string, int> ordinals =
        users.Select((user, at) => KeyValuePair.Create(user.Id, at)).ToDictionary(StringComparer.Ordinal);
    private readonly Dictionary<string, byte> devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte> locations = new(StringComparer.Ordinal);
    private readonly ListNumbers lists = new();
    private readonly List<LogEvent> events = [];
    private readonly List<long> positions = [];

    /// <summary>Events so far.</summary>
    internal int Count => events.Count;

    /// <summary>Adds the event behind the last one.</summary>
    internal void Add(long position, LogEvent e)
    {
        events.Add(e);
        positions.Add(position);
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
    internal InteractionLog Build(IReadOnlyList<(long Position, string From, string Into)> stored)
    {
        // Chains and repetitions are followed as the live fold follows them: a merge is of those whom the two have become until then.
        var merges = new List<LogMerge>();
        var became = new Dictionary<int, int>();
        var next = 0;
        for (var i = 0; i <= events.Count && (next < stored.Count || became.Count > 0); i++)
        {
            for (; next < stored.Count && (i == events.Count || stored[next].Position < positions[i]); next++)
            {
                var (from, into) = (Final(UserOf(stored[next].From)), Final(UserOf(stored[next].Into)));
                if (from == into) continue;
                became[from] = into;
                merges.Add(new LogMerge(stored[next].Position, from, into));
            }
            if (i < events.Count && events[i].User >= 0 && became.Count > 0) events[i] = events[i] with { User = Final(events[i].User) };
        }
        return new InteractionLog(items, new UserDirectory(users), [.. events], [.. positions]) { Merges = merges };

        int Final(int user)
        {
            while (became.TryGetValue(user, out var into)) user = into;
            return user;
        }
    }

    private static byte CodeOf(ReadOnlySpan<char> name, Dictionary<string, byte> codes, Func<string?, byte> codeOf)
    {
        if (name.IsEmpty) return 0;
        var known = codes.GetAlternateLookup<ReadOnlySpan<char>>();
        return known.TryGetValue(name, out var code) ? code : known[name] = codeOf(name.ToString());
    }
}
