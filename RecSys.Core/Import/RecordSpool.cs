using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Import;

/// <summary>
/// Keeps users or items in the order in which they came, the last of several with one id in place of all: on disk, with 32 bytes of memory
/// for each.
/// </summary>
/// <param name="folder">Existing folder of the temporary file.</param>
internal sealed class RecordSpool(string folder) : IDisposable
{
    private readonly PayloadWriter writer = new();
    private readonly SharedTexts shared = new();

    // Two independent hashes of 64 bits: one clash in 10^24 for ten million ids.
    private readonly Dictionary<(ulong, ulong), int> last = [];
    private readonly string path = Path.Combine(folder, $"spool-{Guid.NewGuid():n}.tmp");
    private SpoolWriter? file;
    private int count;

    internal int Count => last.Count;

    /// <summary>How many were added.</summary>
    internal int Added => count;

    /// <summary>How many were added in whose place a later one with the same id came.</summary>
    internal int Replaced => count - last.Count;

    internal void Add(User user)
    {
        writer.Clear();
        writer.Text(user.Id);
        UserPayload.Write(writer, user);
        Add(user.Id);
    }

    internal void Add(Item item)
    {
        writer.Clear();
        writer.Text(item.Id);
        ItemPayload.Write(writer, item);
        Add(item.Id);
    }

    /// <summary>What was added, as changes of the log.</summary>
    /// <param name="items">True when items were added, false for users.</param>
    internal IEnumerable<LogChange> Changes(bool items)
    {
        if (file is null) yield break;
        file.Dispose();
        using var reader = new SpoolReader(path);
        for (var at = 0; reader.TryRead(out var bytes); at++)
        {
            if (Parse(bytes, items, at) is { } change) yield return change;
        }
    }

    public void Dispose()
    {
        if (file is null) return;
        try
        {
            file.Dispose();
        }
        finally
        {
            // On a full disk above all: what stays would fill it for the next attempt.
            File.Delete(path);
        }
    }

    private void Add(string id)
    {
        file ??= new SpoolWriter(path);
        file.Write(writer.Written);
        last[Key(id)] = count++;
    }

    private LogChange? Parse(ReadOnlySpan<byte> bytes, bool items, int at)
    {
        var reader = new PayloadReader(bytes);
        var id = reader.Required();
        if (last[Key(id)] != at) return null;
        return items ? new ItemPut(ItemPayload.Read(id, reader.Rest, shared)) : new UserPut(UserPayload.Read(id, reader.Rest, shared));
    }

    private static (ulong, ulong) Key(string id) => (StableHash.Of(id), StableHash.Of(id, seed: 1));
}
