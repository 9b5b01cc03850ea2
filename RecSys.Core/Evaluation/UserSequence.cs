using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>One user's item sequence, as <see cref="InteractionSequence"/> builds it, and what leave-one-out holds out of it.</summary>
public sealed class UserSequence
{
    // Places in the sequence, or -1.
    private readonly int testAt;
    private readonly int validationAt;

    private UserSequence(int user, int[] items, long[] timesMs, int[] events, HashSet<int>? undone)
    {
        User = user;
        Sequence = items;
        TimesMs = timesMs;
        Events = events;
        Undone = undone;
        testAt = LastStanding(items.Length);
        validationAt = LastStanding(testAt);
    }

    /// <summary>The sequences of all users, indexed by ordinal; those without entries are empty.</summary>
    /// <param name="log">In time order, users merged.</param>
    internal static UserSequence[] AllOf(InteractionLog log)
    {
        var (items, times, indexes) =
            (new List<int>?[log.Users.Count], new List<long>?[log.Users.Count], new List<int>?[log.Users.Count]);
        var undone = new Dictionary<int, HashSet<int>>();
        for (var at = 0; at < log.Events.Length; at++)
        {
            ref readonly var e = ref log.Events[at];
            if (e.User < 0) continue;
            Note(e, undone);
            var sequence = items[e.User] ??= [];
            if (!InteractionSequence.Extends(CollectionsMarshal.AsSpan(sequence), in e)) continue;
            sequence.Add(e.Item);
            (times[e.User] ??= []).Add(e.TimeMs);
            (indexes[e.User] ??= []).Add(at);
        }
        return [.. Enumerable.Range(0, items.Length).Select(user =>
            new UserSequence(user, [.. items[user] ?? []], [.. times[user] ?? []], [.. indexes[user] ?? []],
                undone.GetValueOrDefault(user)))];
    }

    /// <summary>Ordinal of the user.</summary>
    public int User { get; }

    /// <summary>All entries, oldest first, the held-out ones included.</summary>
    public ReadOnlyMemory<int> Sequence { get; }

    /// <summary>Unix milliseconds at which each entry entered.</summary>
    public ReadOnlyMemory<long> TimesMs { get; }

    /// <summary>Index, in the whole log, of the event that made each entry.</summary>
    public ReadOnlyMemory<int> Events { get; }

    // Items whose choice the log ends with as taken back; null for none.
    private HashSet<int>? Undone { get; }

    /// <summary>True when the user took the choice of an entry back later, such as a purchase that was cancelled: nobody is to recommend
    /// it.</summary>
    public bool IsUndone(int at) => Undone?.Contains(Sequence.Span[at]) == true;

    /// <summary>False for users with fewer than three entries, or fewer than two behind the first that stand, who only train.</summary>
    public bool HasHeldOut => validationAt >= 1;

    /// <summary>The entries a model may be fitted on.</summary>
    public ReadOnlySpan<int> TrainHistory => HasHeldOut ? Sequence.Span[..validationAt] : Sequence.Span;

    /// <summary>What is known when <see cref="ValidationItem"/> is to be predicted.</summary>
    public ReadOnlyMemory<int> ValidationHistory => HasHeldOut ? Sequence[..validationAt] : Sequence;

    /// <summary>What is known when <see cref="TestItem"/> is to be predicted: everything before it, the validation item included.</summary>
    public ReadOnlyMemory<int> TestHistory => HasHeldOut ? Sequence[..testAt] : Sequence;

    /// <summary>Item ordinal, or -1 when nothing is held out.</summary>
    public int ValidationItem => HasHeldOut ? Sequence.Span[validationAt] : -1;

    /// <summary>Item ordinal of the last choice that stands, or -1 when nothing is held out.</summary>
    public int TestItem => HasHeldOut ? Sequence.Span[testAt] : -1;

    /// <summary>Unix milliseconds, or -1 when nothing is held out.</summary>
    public long ValidationTimeMs => HasHeldOut ? TimesMs.Span[validationAt] : -1;

    /// <summary>Unix milliseconds, or -1 when nothing is held out.</summary>
    public long TestTimeMs => HasHeldOut ? TimesMs.Span[testAt] : -1;

    /// <summary>Index in the whole log, or -1 when nothing is held out.</summary>
    public int ValidationEvent => HasHeldOut ? Events.Span[validationAt] : -1;

    /// <summary>Index in the whole log, or -1 when nothing is held out.</summary>
    public int TestEvent => HasHeldOut ? Events.Span[testAt] : -1;

    /// <summary>True for an event on the test item, or on one that entered behind it, from its entry on.</summary>
    /// <param name="item">Item of the event.</param>
    /// <param name="index">Its index in the whole log.</param>
    internal bool IsOfTest(int item, int index) => HasHeldOut && IsOfEntriesFrom(testAt, item, index);

    /// <summary>The same for the validation item, the test item and what entered between or behind them.</summary>
    internal bool IsHeldOut(int item, int index) => HasHeldOut && IsOfEntriesFrom(validationAt, item, index);

    private bool IsOfEntriesFrom(int first, int item, int index)
    {
        for (var at = first; at < Sequence.Length; at++)
        {
            if (Sequence.Span[at] == item && index >= Events.Span[at]) return true;
        }
        return false;
    }

    private int LastStanding(int end)
    {
        var at = end - 1;
        while (at >= 0 && IsUndone(at)) at--;
        return at;
    }

    // The last word counts: who buys again what was returned wants it.
    private static void Note(in LogEvent e, Dictionary<int, HashSet<int>> undone)
    {
        if (e.IsPositive)
        {
            if (undone.TryGetValue(e.User, out var items)) items.Remove(e.Item);
        }
        else if (e.Meaning == EventMeaning.Undo && e.Type.IsPositive())
        {
            if (!undone.TryGetValue(e.User, out var items)) undone[e.User] = items = [];
            items.Add(e.Item);
        }
    }
}
