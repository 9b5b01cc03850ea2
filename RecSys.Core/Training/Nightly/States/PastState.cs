using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.States;

/// <summary>
/// What the log comes to up to a position: catalogue, profiles and merges, the feature state of users, items and the whole, and who has had
/// what. A fold of the entries in their order and of nothing else, items with the facts that they had at that moment, as serving folds it;
/// so it is the same whether it was folded in one go or written down in between. Not thread-safe.
/// </summary>
internal sealed class PastState
{
    private readonly Dictionary<string, int> ordinals = new(StringComparer.Ordinal);
    private readonly List<string> ids = [];
    private readonly List<TurnedTo?> turnedTo = [];

    /// <summary>Before the first entry.</summary>
    public PastState() : this(new LakeContents(), new FeatureState(new ItemCatalog()), null, 0, [])
    {
    }

    /// <summary>As it was written down, still without users.</summary>
    internal PastState(LakeContents contents, FeatureState features, EntryMark? last, long events, bool[] itemsMet) =>
        (Contents, Features, Last, Events, ItemsMet) = (contents, features, last, events, itemsMet);

    /// <summary>Catalogue, profiles, merges.</summary>
    public LakeContents Contents { get; }

    /// <summary>Counters, by ordinals of this state.</summary>
    public FeatureState Features { get; }

    /// <summary>The last entry that is in it; null before the first.</summary>
    public EntryMark? Last { get; private set; }

    /// <summary>All entries up to here are in it; 0 before the first.</summary>
    public long Position => Last?.Position ?? 0;

    /// <summary>Events that are in it.</summary>
    public long Events { get; private set; }

    /// <summary>By number: items with an event; shorter where later ones have none.</summary>
    internal bool[] ItemsMet { get; private set; }

    /// <summary>Users that ever had an ordinal.</summary>
    internal int Ordinals => ids.Count;

    /// <summary>True when anything in it came of this user.</summary>
    public bool Knows(string id) => Contents.Names(id) || ordinals.ContainsKey(id);

    /// <summary>Takes in an event of whom the merges until now have made of its user.</summary>
    public void Apply(in EventMark mark, string? who, in LogEvent e)
    {
        Last = new EntryMark(mark.Position, mark.ReceivedMs, e.TimeMs, LogKind.Event, e.Item);
        Events++;
        if (e.Item < 0) return;
        var own = e with { User = who is null ? -1 : OrdinalOf(who) };
        Features.Apply(in own);
        Meet(own.Item);
        if (own.User >= 0 && own.IsConsumption) (turnedTo[own.User] ??= new TurnedTo()).Add(own.Item, own.IsPositive);
    }

    /// <summary>Takes in an entry of another kind.</summary>
    public void Apply(LogEntry entry, bool isForgotten)
    {
        Last = EntryMark.Of(entry);
        if (isForgotten) return;
        if (entry.Change is UserMerge { From.Length: > 0 } merge) Move(Contents.WhoIs(merge.From), Contents.WhoIs(merge.Into));
        Contents.Apply(entry);
        if (entry.Change is ItemPut put) Features.PutItem(entry.Item, put.Item);
        if (entry.Change is ItemRemoval) Features.ForgetItem(entry.Item);
    }

    /// <summary>Adds a user that was written down; those of a file are to be added in its order.</summary>
    /// <exception cref="RecSysException">The user is there already.</exception>
    internal void Restore(string id, UserState state, TurnedTo? had)
    {
        if (!ordinals.TryAdd(id, ids.Count)) throw new RecSysException("A user is there twice.");
        Features.RestoreUser(ids.Count, state);
        ids.Add(id);
        turnedTo.Add(had);
    }

    /// <summary>A user by ordinal; without a state when it has become somebody else's.</summary>
    internal (string Id, UserState? State, TurnedTo? TurnedTo) UserAt(int ordinal) =>
        (ids[ordinal], Features.FindUser(ordinal), turnedTo[ordinal]);

    private int OrdinalOf(string id)
    {
        if (ordinals.TryGetValue(id, out var known)) return known;
        ids.Add(id);
        turnedTo.Add(null);
        return ordinals[id] = ids.Count - 1;
    }

    private void Move(string from, string into)
    {
        if (from == into || !ordinals.TryGetValue(from, out var gone)) return;
        var heir = OrdinalOf(into);
        Features.MergeUser(gone, heir);
        if (turnedTo[gone] is not { } had) return;
        (turnedTo[heir] ??= new TurnedTo()).Add(had);
        turnedTo[gone] = null;
    }

    private void Meet(int item)
    {
        if (item >= ItemsMet.Length)
        {
            var longer = new bool[Math.Max(item + 1, ItemsMet.Length * 2)];
            ItemsMet.CopyTo(longer, 0);
            ItemsMet = longer;
        }
        ItemsMet[item] = true;
    }
}
