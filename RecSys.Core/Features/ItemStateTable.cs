using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// Counters of all items by ordinal; 256 items at a time take memory when the first of them gets an event. One writer; readers run beside
/// it without a lock and copy an item as it was between two events.
/// </summary>
public sealed class ItemStateTable
{
    private readonly ChunkedTable<ItemState> table = new();
    private readonly ItemColumns columns;

    internal ItemStateTable(ItemColumns columns) => this.columns = columns;

    /// <summary>How many items have how many positive events.</summary>
    internal Popularity Popularity { get; } = new();

    /// <summary>Number of positive events of the item so far.</summary>
    public int PositivesOf(int item) => (int)table.Read(item).Positives.All;

    /// <summary>Number of impressions of the item so far.</summary>
    public int ImpressionsOf(int item) => (int)table.Read(item).Impressions.All;

    /// <summary>Copies the state of an item as it was between two events; for any thread.</summary>
    internal void Read(int item, out ItemState copy)
    {
        // Found again in each round: a chunk that was replaced meanwhile is complete, but not the latest.
        ref readonly var state = ref table.Read(item);
        if (SequenceLock.TryCopy(in state, in state.Sequence, out copy)) return;
        var spin = new SpinWait();
        do
        {
            spin.SpinOnce(sleep1Threshold: -1);
            state = ref table.Read(item);
        }
        while (!SequenceLock.TryCopy(in state, in state.Sequence, out copy));
    }

    /// <summary>The state itself: for the writer's thread, and for a look at a single number.</summary>
    internal ref readonly ItemState Peek(int item) => ref table.Read(item);

    /// <summary>
    /// Takes in one event with what was recorded for it; a negative ordinal is ignored. Reads nothing but the item's own state and facts.
    /// </summary>
    public void Apply(in LogEvent e, in Contribution c)
    {
        if (e.Item < 0) return;
        ref readonly var facts = ref columns[e.Item];
        ref var state = ref table.Write(e.Item);
        var kind = new EventKind(in e);
        var before = (int)state.Positives.All;
        SequenceLock.Enter(ref state.Sequence);
        state.Apply(in e, in kind, in c, facts.DurationSeconds);
        SequenceLock.Exit(ref state.Sequence);
        if (kind.Positive) Popularity.Move(before, (int)state.Positives.All);
    }

    internal FrozenTable<ItemState> Freeze() => table.Freeze();

    /// <summary>Takes over a chunk of a snapshot.</summary>
    internal void Restore(int chunk, ReadOnlySpan<ItemState> states)
    {
        table.Restore(chunk, states);
        foreach (ref readonly var state in states) Popularity.Move(0, (int)state.Positives.All);
    }
}
