using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// Entries that are no events as rows of <see cref="LakeSchema.Changes"/> and back, losslessly: contents of items and users are the
/// payloads of the database, a policy is its JSON text.
/// </summary>
internal sealed class ChangeRows
{
    private readonly PayloadWriter payload = new();
    private readonly SharedTexts shared = new();

    /// <param name="row">A new row.</param>
    /// <param name="entry">Any entry but an event.</param>
    /// <param name="erased">Of an erasure: the user and everybody who had become that user.</param>
    internal void Write(LakeRow row, LogEntry entry, IReadOnlyList<string>? erased)
    {
        row.Int64(entry.Position);
        row.Int64(entry.ReceivedMs);
        row.Int64(entry.Change.Happened?.ToUnixTimeMilliseconds());
        row.Text(LakeNames.Of(entry.Change.Kind));
        row.Int32(entry.Item < 0 ? null : entry.Item);
        row.Text((entry.Change as ItemPut)?.Item.Id ?? (entry.Change as ItemRemoval)?.ItemId);
        row.Text(entry.Change.Subject is { Length: > 0 } subject ? subject : null);
        row.Text(entry.Change is UserMerge { Into.Length: > 0 } merge ? merge.Into : null);
        var shown = entry.Change as ListShown;
        row.Text(shown is { RequestId.Length: > 0 } ? shown.RequestId : null);
        row.Int32s(shown?.Items);
        row.Texts(erased);
        var item = (entry.Change as ItemPut)?.Item;
        row.Text(item?.Title);
        row.Text(item?.Category);
        row.Text((entry.Change as PolicyPut)?.Hash);
        WritePayload(row, entry.Change);
    }

    /// <summary>The entry of the reader's row.</summary>
    internal LogEntry Read(LakeRows rows)
    {
        var subject = rows.Text(6) ?? "";
        LogChange change = LakeNames.Kind(rows.Required(3)) switch
        {
            LogKind.ItemPut => new ItemPut(ItemPayload.Read(rows.Required(5), rows.Blob(14), shared)),
            LogKind.ItemRemoval => new ItemRemoval(rows.Required(5)),
            LogKind.UserPut => new UserPut(rows.IsNull(14) ? new User { Id = subject } : UserPayload.Read(subject, rows.Blob(14), shared)),
            LogKind.UserMerge => new UserMerge(subject, rows.Text(7) ?? ""),
            LogKind.UserErasure => new UserErasure(subject),
            LogKind.ListShown => new ListShown(rows.Text(8) ?? "", subject, rows.List<int>(9) ?? [],
                DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(2))),
            LogKind.PolicyPut => new PolicyPut(rows.Required(13), Encoding.UTF8.GetString(rows.Blob(14))),
            LogKind.RuleChange => RulePayload.Read(rows.Blob(14)),
            var kind => throw new RecSysException($"Entry {rows.Int64(0)} of the lake stands among the changes and is of kind {kind}."),
        };
        return new LogEntry(rows.Int64(0), rows.Int64(1), rows.MaybeInt32(4) ?? -1, change);
    }

    private void WritePayload(LakeRow row, LogChange change)
    {
        payload.Clear();
        switch (change)
        {
            case ItemPut put:
                ItemPayload.Write(payload, put.Item);
                break;
            // Of an erased user nothing is stored.
            case UserPut { User: { Id.Length: > 0 } user }:
                UserPayload.Write(payload, user);
                break;
            case PolicyPut policy:
                row.Blob(Encoding.UTF8.GetBytes(policy.Json));
                return;
            case RuleChange rule:
                RulePayload.Write(payload, rule);
                break;
            default:
                row.Nulls(1);
                return;
        }
        row.Blob(payload.Written);
    }
}
