namespace RecSys.Core.Evaluation;

/// <summary>One user's item sequence under leave-one-out.</summary>
public sealed class UserSequence
{
    internal UserSequence(int user, int[] items, long[] timesMs, int[] events)
    {
        User = user;
        Sequence = items;
        TimesMs = timesMs;
        Events = events;
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
