using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>
/// An <see cref="InteractionLog"/> as three files of checksummed blocks: the catalogue, the users with the merges, and the events in
/// columns. 48 bytes an event.
/// </summary>
internal static class LogFiles
{
    private const int Version = 1;
    private const int Part = 1 << 16;
    private const int Buffer = 1 << 20;

    private static ReadOnlySpan<byte> UsersName => "RSUSERS\n"u8;
    private static ReadOnlySpan<byte> EventsName => "RSEVENT\n"u8;

    public static void Write(InteractionLog log, string items, string users, string events, CancellationToken ct)
    {
        using (var file = new FileStream(items, FileMode.Create, FileAccess.Write, FileShare.None, Buffer))
            Anew(log.Items).Write(file);
        using (var file = new FileStream(users, FileMode.Create, FileAccess.Write, FileShare.None, Buffer)) WriteUsers(file, log);
        using (var file = new FileStream(events, FileMode.Create, FileAccess.Write, FileShare.None, Buffer)) WriteEvents(file, log, ct);
    }

    /// <exception cref="RecSysException">A file is missing, cut off or damaged.</exception>
    public static InteractionLog Read(string items, string users, string events, CancellationToken ct)
    {
        try
        {
            using var itemsFile = Open(items);
            using var usersFile = Open(users);
            using var eventsFile = Open(events);
            var (directory, merges) = ReadUsers(usersFile, users);
            var (all, positions) = ReadEvents(eventsFile, events, ct);
            return new InteractionLog(ItemCatalog.Read(itemsFile, items), directory, all, positions) { Merges = merges };
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RecSysException($"{failure.Message} Run the night again from the step collect (--from-step collect).", failure);
        }
    }

    // A catalogue keeps traces of how it came about; of one that is made anew the bytes say what is in it and nothing else.
    private static ItemCatalog Anew(ItemCatalog items)
    {
        var made = new ItemCatalog();
        for (var number = 0; number < items.Count; number++)
        {
            if (!items.IsRemoved(number))
            {
                made.Put(number, items[number]);
                continue;
            }
            if (items.IdOf(number) is not { Length: > 0 } id) continue;
            var created = items.CreatedMs(number);
            made.Put(number, new Item
            {
                Id = id, Title = "", Category = items.CategoryNameOf(number),
                CreatedAt = created == long.MinValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(created),
            });
            made.Remove(number);
        }
        return made;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer);

    private static void WriteUsers(Stream stream, InteractionLog log)
    {
        var to = new CheckedWriter(stream, UsersName, Version);
        to.Numbers(log.Users.Count, log.Merges.Count);
        var payload = new PayloadWriter();
        for (var user = 0; user < log.Users.Count; user++)
        {
            payload.Clear();
            payload.Text(log.Users[user].Id);
            var head = payload.Length;
            UserPayload.Write(payload, log.Users[user]);
            to.Numbers(head, payload.Length);
            to.Block(payload.Written);
        }
        foreach (var merge in log.Merges) to.Numbers(merge.Position, merge.From, merge.Into);
    }

    private static (UserDirectory Users, LogMerge[] Merges) ReadUsers(Stream stream, string source)
    {
        var from = new CheckedReader(stream, source, UsersName, Version);
        var counts = from.Numbers(2);
        var users = new User[from.Within(counts[0], int.MaxValue, "the number of users")];
        var shared = new SharedTexts();
        for (var i = 0; i < users.Length; i++)
        {
            var sizes = from.Numbers(2);
            var bytes = new byte[from.Within(sizes[1], 1 << 24, "the size of a user")];
            from.Block(bytes.AsSpan());
            var head = from.Within(sizes[0], bytes.Length, "the size of an id");
            var id = new PayloadReader(bytes.AsSpan(0, head)).Text() ?? throw from.Refusal("a user has no id");
            users[i] = UserPayload.Read(id, bytes.AsSpan(head), shared);
        }
        var merges = new LogMerge[from.Within(counts[1], int.MaxValue, "the number of merges")];
        for (var i = 0; i < merges.Length; i++)
        {
            var merge = from.Numbers(3);
            merges[i] = new LogMerge(
                merge[0], from.Within(merge[1], users.Length, "a user"), from.Within(merge[2], users.Length, "a user"));
        }
        return (new UserDirectory(users), merges);
    }

    private static void WriteEvents(Stream stream, InteractionLog log, CancellationToken ct)
    {
        var to = new CheckedWriter(stream, EventsName, Version);
        to.Numbers(log.Events.Length);
        for (var start = 0; start < log.Events.Length; start += Part)
        {
            ct.ThrowIfCancellationRequested();
            var part = log.Events.Slice(start, Math.Min(Part, log.Events.Length - start)).ToArray();
            to.Block(log.Positions.Slice(start, part.Length));
            to.Block<long>(Array.ConvertAll(part, e => e.TimeMs));
            to.Block<int>(Array.ConvertAll(part, e => e.User));
            to.Block<int>(Array.ConvertAll(part, e => e.Item));
            to.Block<int>(Array.ConvertAll(part, e => e.List));
            to.Block<float>(Array.ConvertAll(part, e => e.Value));
            to.Block<short>(Array.ConvertAll(part, e => e.Position));
            to.Block<byte>(Array.ConvertAll(part, e => (byte)e.Type));
            to.Block<byte>(Array.ConvertAll(part, e => (byte)e.Meaning));
            to.Block<byte>(Array.ConvertAll(part, e => e.Device));
            to.Block<byte>(Array.ConvertAll(part, e => e.Location));
        }
    }

    private static (LogEvent[] Events, long[] Positions) ReadEvents(Stream stream, string source, CancellationToken ct)
    {
        var from = new CheckedReader(stream, source, EventsName, Version);
        var count = from.Within(from.Numbers(1)[0], int.MaxValue, "the number of events");
        var (events, positions) = (new LogEvent[count], new long[count]);
        for (var start = 0; start < count; start += Part)
        {
            ct.ThrowIfCancellationRequested();
            var size = Math.Min(Part, count - start);
            from.Block(positions.AsSpan(start, size));
            var times = Column<long>();
            var (users, items, lists) = (Column<int>(), Column<int>(), Column<int>());
            var (values, places) = (Column<float>(), Column<short>());
            var (types, meanings, devices, locations) = (Column<byte>(), Column<byte>(), Column<byte>(), Column<byte>());
            for (var i = 0; i < size; i++)
                events[start + i] = new LogEvent(
                    times[i], users[i], items[i], (EventType)types[i], values[i], places[i], devices[i], locations[i])
                {
                    List = lists[i], Meaning = (EventMeaning)meanings[i],
                };

            T[] Column<T>()
                where T : unmanaged
            {
                var column = new T[size];
                from.Block(column.AsSpan());
                return column;
            }
        }
        return (events, positions);
    }
}
