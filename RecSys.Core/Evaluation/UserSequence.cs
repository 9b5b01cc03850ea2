using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>One user's item sequence, as <see cref="InteractionSequence"/> builds it, and what leave-one-out holds out of it.</summary>
public sealed class UserSequence
{
    private UserSequence(int user, int[] items, long[] timesMs, int[] events)
    {
        User = user;
        Sequence = items;
        TimesMs = timesMs;
        Events = events;
    }

    /// <summary>The sequences of all users, indexed by ordinal; those without entries are empty.</summary>
    /// <param name="log">In time order, users merged.</param>
    internal static UserSequence[] AllOf(InteractionLog log)
    {
        var (items, times, indexes) =
            (new List<int>?[log.Users.Count], new List<long>?[log.Users.Count], new List<int>?[log.Users.Count]);
        for (var at = 0; at < log.Events.Length; at++)
        {
            ref readonly var e = ref log.Events[at];
            if (e.User < 0) continue;
            var sequence = items[e.User] ??= [];
            if (!InteractionSequence.Extends(CollectionsMarshal.AsSpan(sequence), in e)) continue;
            sequence.Add(e.Item);
            (times[e.User] ??= []).Add(e.TimeMs);
            (indexes[e.User] ??= []).Add(at);
        }
        return [.. Enumerable.Range(0, items.Length).Select(user =>
            new UserSequence(user, [.. items[user] ?? []], [.. times[user] ?? []], [.. indexes[user] ?? []]))];
    }

    /// <summary>Ordinal of the user.</summary>
    public int User { get; }

    /// <summary>All entries, oldest first, the held-out ones included.</summary>
    public ReadOnlyMemory<int> Sequence { get; }

    /// <summary>Unix milliseconds at which each entry entered.</summary>
    public ReadOnlyMemory<long> TimesMs { get; }

    /// <summary>Index, in the whole log, of the event that made each entry.</summary>
    public ReadOnlyMemory<int> Events { get; }

    /// <summary>False for users with fewer than three entries, who only train.</summary>
    public bool HasHeldOut => Sequence.Length >= 3;

    /// <summary>The entries a model may be fitted on.</summary>
    public ReadOnlySpan<int> TrainHistory => HasHeldOut ? Sequence.Span[..^2] : Sequence.Span;

    /// <summary>What is known when <see cref="TestItem"/> is to be predicted: everything before it, the validation item included.</summary>
    public ReadOnlySpan<int> TestHistory => HasHeldOut ? Sequence.Span[..^1] : Sequence.Span;

    /// <summary>Item ordinal, or -1 when nothing is held out.</summary>
    public int ValidationItem => HasHeldOut ? Sequence.Span[^2] : -1;

    /// <summary>Item ordinal, or -1 when nothing is held out.</summary>
    public int TestItem => HasHeldOut ? Sequence.Span[^1] : -1;

    /// <summary>Unix milliseconds, or -1 when nothing is held out.</summary>
    public long ValidationTimeMs => HasHeldOut ? TimesMs.Span[^2] : -1;

    /// <summary>Unix milliseconds, or -1 when nothing is held out.</summary>
    public long TestTimeMs => HasHeldOut ? TimesMs.Span[^1] : -1;

    /// <summary>Index in the whole log, or -1 when nothing is held out.</summary>
    public int ValidationEvent => HasHeldOut ? Events.Span[^2] : -1;

    /// <summary>Index in the whole log, or -1 when nothing is held out.</summary>
    public int TestEvent => HasHeldOut ? Events.Span[^1] : -1;
}
