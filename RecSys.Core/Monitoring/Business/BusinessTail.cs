using RecSys.Core.Domain.Columns;
using RecSys.Core.Events;
using RecSys.Core.Monitoring.Windows;
using RecSys.Core.Storage;

namespace RecSys.Core.Monitoring.Business;

/// <summary>
/// Counts served records and the events that name them, each once: it follows both stores and keeps, with the figures, how far it came. So
/// nothing is done while a request waits, a restart goes on where the figures on disk end, and without them they are made anew of what the
/// stores hold. One thread at a time.
/// </summary>
internal sealed class BusinessTail(
    IServedRecordStore records, IEventLog log, LiveState state, BusinessLedger ledger, TimeProvider time)
{
    private const int RecordsAtOnce = 500;

    // So that a large import does not keep records waiting.
    private const int EntriesAtOnce = 20_000;

    private readonly RecentLists recent = new();
    private readonly EarlyEvents early = new(time);
    private readonly RecordWriter writer = new();
    private long epoch;
    private long position;
    private long sequence;
    private long? oldestMs;
    private bool begun;

    /// <summary>Counts what came since the last time.</summary>
    /// <param name="nowMs">The clock of the served world, Unix milliseconds.</param>
    /// <param name="ct">Stops between two batches.</param>
    /// <returns>True when there may be more.</returns>
    public async Task<bool> RunOnceAsync(long nowMs, CancellationToken ct)
    {
        ledger.Turn(nowMs);
        // Before the records: whatever is in the log by now answers a list that is stored by then, or will come.
        var head = state.Position;
        await BeginAsync(ct);
        await CountRecordsAsync(ct);
        var more = position < head && await CountEventsAsync(head, ct);
        for (var gone = early.GiveUp(); gone > 0; gone--) ledger.LeaveOut(LeftOut.UnknownRequest);
        return more;
    }

    /// <summary>Figures and how far they go, in one.</summary>
    public IReadOnlyList<WindowSlot> Slots()
    {
        if (!begun) return [];
        writer.Clear();
        writer.Int64(epoch);
        writer.Int64(position);
        writer.Int64(sequence);
        var waiting = early.All.ToList();
        writer.Varint((uint)waiting.Count);
        foreach (var e in waiting) e.Write(writer);
        return [new WindowSlot(0, 0, writer.Written.ToArray()), .. ledger.Slots()];
    }

    /// <summary>Goes on from what <see cref="Slots"/> gave, where that is of this log.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public void Restore(IReadOnlyList<WindowSlot> slots)
    {
        if (slots.Count == 0) return;
        try
        {
            ledger.Restore([.. slots.Skip(1)]);
            begun = StoredForm.Read(slots[0].Content, ReadPlace);
        }
        catch (InvalidDataException)
        {
            Forget();
            throw;
        }
        if (!begun) Forget();
    }

    private bool ReadPlace(ref RecordReader reader)
    {
        (epoch, position, sequence) = (reader.Int64(), reader.Int64(), reader.Int64());
        for (var left = reader.Varint(); left > 0; left--) early.Add(ListOutcomeEvent.Read(ref reader));
        // After a restore from a backup the log is another one, and what it says now is true.
        return epoch == state.Epoch;
    }

    private void Forget()
    {
        begun = false;
        ledger.Clear();
        recent.Clear();
        early.Clear();
    }

    // Without figures: everything from the first record on. Events of its list are behind the world that it saw; where the log was restored
    // from a backup since, behind what is left of that.
    private async Task BeginAsync(CancellationToken ct)
    {
        if (begun && oldestMs is not null) return;
        var found = await records.ReadAfterAsync(0, 1, ct);
        var first = found.Count > 0 ? found[0].Record : null;
        oldestMs ??= first?.Time.ToUnixTimeMilliseconds();
        if (begun) return;
        (epoch, sequence, begun) = (state.Epoch, 0, true);
        position = Math.Min(first?.Position ?? state.Position, state.Position);
    }

    private async Task CountRecordsAsync(CancellationToken ct)
    {
        // Where somebody took the file of the records away, places begin anew.
        sequence = Math.Min(sequence, await records.ReadEndAsync(ct));
        while (true)
        {
            var page = await records.ReadAfterAsync(sequence, RecordsAtOnce, ct);
            foreach (var stored in page)
            {
                var list = ListFacts.Of(stored.Record, state.ProfileOf(stored.Record.UserId));
                ledger.Count(list);
                recent.Add(list);
                sequence = stored.Sequence;
                foreach (var e in early.Take(list.RequestId)) ledger.Count(list, in e);
            }
            if (page.Count < RecordsAtOnce) return;
        }
    }

    private async Task<bool> CountEventsAsync(long head, CancellationToken ct)
    {
        var left = EntriesAtOnce;
        await foreach (var entry in log.ReadAfterAsync(position, ct))
        {
            if (entry.Position > head) break;
            if (ListOutcomeEvent.Of(entry) is { } e) await CountAsync(e, entry.Position, ct);
            position = entry.Position;
            if (--left == 0) return true;
        }
        return false;
    }

    private async Task CountAsync(ListOutcomeEvent e, long at, CancellationToken ct)
    {
        if (early.Has(e.RequestId))
        {
            early.Add(in e);
            return;
        }
        if (recent.Find(e.RequestId) is { } known)
        {
            ledger.Count(known, in e);
            return;
        }
        // History that is imported names lists of another system. None is looked for: no answer is older than its list, but for the clocks
        // of senders.
        if (e.TimeMs < oldestMs - (long)RecordRules.Ahead.TotalMilliseconds)
        {
            ledger.LeaveOut(LeftOut.UnknownRequest);
            return;
        }
        // A record that is stored and not counted yet will be, and finds the event waiting.
        if (await records.FindAsync(e.RequestId, ct) is not { } stored || stored.Sequence > sequence)
        {
            early.Add(in e);
            return;
        }
        var list = ListFacts.Of(stored.Record, state.ProfileOf(stored.Record.UserId));
        list.IsReported = await records.HasImpressionAsync(stored.Record, at - 1, ct);
        recent.Add(list);
        ledger.Count(list, in e);
    }
}
