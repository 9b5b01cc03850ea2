using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Lake;

/// <content>Users and merges as a file of checksummed blocks; the catalogue has a form of its own.</content>
internal sealed partial class LakeContents
{
    /// <summary>Raised when the form changes; others are refused.</summary>
    internal const int SnapshotVersion = 1;

    private const int MostUserBytes = 1 << 24;

    private LakeContents(ItemCatalog items) => Items = items;

    internal LakeContents() : this(new ItemCatalog())
    {
    }

    private static ReadOnlySpan<byte> SnapshotName => "RSCONTS\n"u8;

    /// <summary>True when a user has a profile or was part of a merge.</summary>
    internal bool Names(string id) => users.ContainsKey(id) || merged.ContainsKey(id);

    /// <summary>Writes users and whom each has become, in the order in which they were stored.</summary>
    internal void WriteUsers(Stream stream)
    {
        var to = new CheckedWriter(stream, SnapshotName, SnapshotVersion);
        to.Numbers(users.Count, merged.Count, stored);
        var payload = new PayloadWriter();
        foreach (var (number, user) in users.Values.OrderBy(each => each.Number))
        {
            payload.Clear();
            payload.Text(user.Id);
            var head = payload.Length;
            UserPayload.Write(payload, user);
            to.Numbers(number, head, payload.Length);
            to.Block(payload.Written);
        }
        foreach (var (from, into) in merged.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            payload.Clear();
            payload.Text(from);
            payload.Text(into);
            to.Numbers(payload.Length);
            to.Block(payload.Written);
        }
    }

    /// <summary>What <see cref="WriteUsers"/> wrote, beside its catalogue. Merges of the past are known by what came of them.</summary>
    /// <exception cref="RecSysException">Damaged, cut off, of another version or something else.</exception>
    internal static LakeContents Read(ItemCatalog items, Stream stream, string source)
    {
        var from = new CheckedReader(stream, source, SnapshotName, SnapshotVersion);
        var counts = from.Numbers(3);
        var contents = new LakeContents(items) { stored = counts[2] };
        var shared = new SharedTexts();
        for (var left = from.Within(counts[0], int.MaxValue, "the number of users"); left > 0; left--)
        {
            var sizes = from.Numbers(3);
            var bytes = Block(from, sizes[2]);
            var head = from.Within(sizes[1], bytes.Length, "the size of an id");
            var id = new PayloadReader(bytes.AsSpan(0, head)).Text() ?? throw from.Refusal("a user has no id");
            contents.users.Add(id, (sizes[0], UserPayload.Read(id, bytes.AsSpan(head), shared)));
        }
        for (var left = from.Within(counts[1], int.MaxValue, "the number of merged users"); left > 0; left--)
        {
            var reader = new PayloadReader(Block(from, from.Numbers(1)[0]));
            contents.merged.Add(reader.Text() ?? throw from.Refusal("a user has no id"),
                reader.Text() ?? throw from.Refusal("a user has no id"));
        }
        return contents;
    }

    private static byte[] Block(CheckedReader from, long size)
    {
        var bytes = new byte[from.Within(size, MostUserBytes, "the size of a user")];
        from.Block(bytes.AsSpan());
        return bytes;
    }
}
