using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly.States;

/// <summary>
/// Folds entries up to the window's start, gathers the events of the window, and goes on folding up to where the next window starts: one
/// reading of the log gives all three.
/// </summary>
/// <param name="past">What is folded already; nothing of the window.</param>
/// <param name="first">First position of the window.</param>
/// <param name="nextFirst">First position of the next one.</param>
/// <param name="expected">Entries of the window, to make room for.</param>
/// <param name="started">Told the state when nothing of the window is in it yet.</param>
/// <param name="next">Told the state when everything before the next window is in it.</param>
internal sealed class WindowCollector(
    PastState past, long first, long nextFirst, int expected, Action<PastState> started, Action<PastState> next) : ILogSink
{
    private readonly List<User> users = [];
    private readonly List<(long Position, string From, string Into)> merges = [];
    private InteractionLogBuilder? builder;
    private bool isFolded;

    public void Event(in EventMark mark, string? userId, ReadOnlySpan<char> requestId, in LogEvent e)
    {
        Reach(mark.Position);
        var who = userId is null ? null : past.Contents.WhoIs(userId);
        builder?.Add(mark.Position, e with { User = who is null ? -1 : builder.UserOf(who), List = ListOf(requestId) });
        if (!isFolded) past.Apply(in mark, who, in e);
    }

    public void Change(LogEntry entry, bool isForgotten)
    {
        Reach(entry.Position);
        if (builder is not null && !isForgotten && entry.Change is UserMerge { From.Length: > 0 } merge)
            merges.Add((entry.Position, past.Contents.WhoIs(merge.From), past.Contents.WhoIs(merge.Into)));
        if (!isFolded) past.Apply(entry, isForgotten);
        // Profiles and items are those of the last day's end.
        else if (!isForgotten) past.Contents.Apply(entry);
    }

    /// <summary>
    /// The log of the window with the catalogue and the profiles of its end: users with a profile in the order in which they were stored,
    /// then those whom only events and merges name.
    /// </summary>
    /// <param name="last">Last position of the window; everything up to it was given.</param>
    public InteractionLog Finish(long last)
    {
        Reach(last + 1);
        return builder!.Build(merges, past.Contents.ListUsers());
    }

    private void Reach(long position)
    {
        if (builder is null && position >= first)
        {
            started(past);
            builder = new InteractionLogBuilder(past.Contents.Items, users, expected);
        }
        if (isFolded || position < nextFirst) return;
        next(past);
        isFolded = true;
    }

    private int ListOf(ReadOnlySpan<char> requestId)
    {
        if (requestId.IsEmpty || builder is null) return 0;
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(256)];
        return Encoding.UTF8.TryGetBytes(requestId, bytes, out var written)
            ? builder.ListOf(bytes[..written]) : builder.ListOf(Encoding.UTF8.GetBytes(requestId.ToString()));
    }
}
