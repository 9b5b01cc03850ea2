using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Import;

/// <summary>
/// Says of changes what would become of them, without storing any. Ids of events are not looked up: whether one is stored already, only the
/// import itself tells.
/// </summary>
internal sealed class ImportRehearsal(ILogContents contents)
{
    // Beyond so many items the rest counts as known: a rehearsal shall not take the memory of the import.
    private const int MostLookedUp = 1_000_000;

    private readonly PayloadWriter payload = new();
    private readonly Dictionary<string, bool> items = new(StringComparer.Ordinal);

    internal async Task<IReadOnlyList<AppendResult>> TryAsync(IReadOnlyList<LogChange> changes, CancellationToken ct)
    {
        var results = new AppendResult[changes.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = changes[i] switch
            {
                EventChange e => new AppendResult(await IsKnownAsync(e.Event.ItemId, ct) ? AppendOutcome.Accepted : AppendOutcome.Parked,
                    0),
                ItemPut put => Of(await contents.FindItemAsync(put.Item.Id, ct), put.Item),
                UserPut put => Of(await contents.FindUserAsync(put.User.Id, ct), put.User),
                _ => default,
            };
        }
        return results;
    }

    private AppendResult Of(StoredItem? stored, Item item)
    {
        if (stored is null) return new AppendResult(AppendOutcome.Accepted, 0, IsNew: true);
        return Put(!stored.Removed && Bytes(writer => ItemPayload.Write(writer, item)).AsSpan()
            .SequenceEqual(Bytes(writer => ItemPayload.Write(writer, stored.Item))));
    }

    private AppendResult Of(User? stored, User user)
    {
        if (stored is null) return new AppendResult(AppendOutcome.Accepted, 0, IsNew: true);
        return Put(Bytes(writer => UserPayload.Write(writer, user)).AsSpan().SequenceEqual(Bytes(writer => UserPayload.Write(writer,
            stored))));
    }

    private static AppendResult Put(bool same) => new(same ? AppendOutcome.Duplicate : AppendOutcome.Accepted, 0);

    private byte[] Bytes(Action<PayloadWriter> write)
    {
        payload.Clear();
        write(payload);
        return payload.Written.ToArray();
    }

    private async Task<bool> IsKnownAsync(string id, CancellationToken ct)
    {
        if (items.TryGetValue(id, out var known)) return known;
        if (items.Count >= MostLookedUp) return true;
        return items[id] = await contents.FindItemAsync(id, ct) is not null;
    }
}
