using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>The tables of items and policies, which point to the entries that hold the contents.</summary>
internal sealed class SqliteLogContents(SqliteConnection connection) : IDisposable
{
    private readonly PayloadWriter payload = new();

    private readonly SqliteStatement findItem = new(connection,
        "SELECT number, items.position, removed, payload FROM items JOIN log ON log.position = items.position WHERE id = ?");

    private readonly SqliteStatement findNumber = new(connection, "SELECT number FROM items WHERE id = ?");
    private readonly SqliteStatement addItem =
        new(connection, "INSERT INTO items (number, id, position, removed, lacks) VALUES (?, ?, ?, 0, ?)");
    private readonly SqliteStatement changeItem = new(connection, "UPDATE items SET position = ?, removed = 0, lacks = ? WHERE number = ?");
    private readonly SqliteStatement removeItem = new(connection, "UPDATE items SET removed = 1 WHERE number = ?");
    private readonly SqliteStatement findPolicy = new(connection, "SELECT position FROM policies WHERE hash = ?");
    private readonly SqliteStatement addPolicy = new(connection, "INSERT INTO policies (hash, position) VALUES (?, ?)");

    /// <summary>Number of an item that is or was stored, or null.</summary>
    internal int? FindItem(string id)
    {
        findNumber.Bind(1, id);
        int? number = findNumber.StepOnce() ? (int)findNumber.Int64(0) : null;
        findNumber.Reset();
        return number;
    }

    /// <param name="put">The item.</param>
    /// <param name="transaction">The append.</param>
    /// <param name="isNew">True when the item has never been stored before.</param>
    internal AppendResult Put(ItemPut put, SqliteLogTransaction transaction, out bool isNew)
    {
        payload.Clear();
        ItemPayload.Write(payload, put.Item);
        findItem.Bind(1, put.Item.Id);
        isNew = !findItem.StepOnce();
        var number = isNew ? transaction.Head.NextItem : (int)findItem.Int64(0);
        var stored = isNew ? 0 : findItem.Int64(1);
        var same = !isNew && findItem.Int64(2) == 0 && findItem.Utf8(3).SequenceEqual(payload.Written);
        findItem.Reset();
        if (same) return new AppendResult(AppendOutcome.Duplicate, stored);

        var result = transaction.Accept(new ItemPut(Normal(put.Item)), number);
        var lacks = (put.Item.Title.Length == 0 ? 1L : 0) + (put.Item.Category.Length == 0 ? 2L : 0);
        if (isNew)
        {
            transaction.Head.NextItem++;
            addItem.Bind(1, number);
            addItem.Bind(2, put.Item.Id);
            addItem.Bind(3, result.Position);
            addItem.Bind(4, lacks);
            addItem.Execute();
        }
        else
        {
            changeItem.Bind(1, result.Position);
            changeItem.Bind(2, lacks);
            changeItem.Bind(3, number);
            changeItem.Execute();
        }
        return result with { IsNew = isNew };
    }

    internal AppendResult Remove(ItemRemoval removal, SqliteLogTransaction transaction)
    {
        findItem.Bind(1, removal.ItemId);
        var there = findItem.StepOnce() && findItem.Int64(2) == 0;
        var number = there ? (int)findItem.Int64(0) : -1;
        findItem.Reset();
        if (!there) return new AppendResult(AppendOutcome.Unknown, 0);
        removeItem.Bind(1, number);
        removeItem.Execute();
        return transaction.Accept(removal, number);
    }

    internal AppendResult Put(PolicyPut policy, SqliteLogTransaction transaction)
    {
        findPolicy.Bind(1, policy.Hash);
        long? stored = findPolicy.StepOnce() ? findPolicy.Int64(0) : null;
        findPolicy.Reset();
        if (stored is { } first) return new AppendResult(AppendOutcome.Duplicate, first);
        var result = transaction.Accept(policy);
        addPolicy.Bind(1, policy.Hash);
        addPolicy.Bind(2, result.Position);
        addPolicy.Execute();
        return result;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { findItem, findNumber, addItem, changeItem, removeItem, findPolicy, addPolicy })
            statement.Dispose();
    }

    private static Item Normal(Item item) =>
        item.CreatedAt is { } time
            ? item with { CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()) } : item;
}
