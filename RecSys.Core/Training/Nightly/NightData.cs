using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.States;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly;

/// <summary>The log of the night's window, what came before it, and which of its events are learnt from.</summary>
internal sealed class NightData
{
    // By position, ascending.
    private readonly long[] rejected;
    private readonly int leftOut;
    private float[]? labels;
    private bool[]? leftOutUsers;
    private InteractionLog? learnt;

    private NightData(InteractionLog log, LogPast past, CollectedLog collected, long[] rejected)
    {
        (Log, Past, Collected, this.rejected) = (log, past, collected, rejected);
        LeftOut = new bool[log.Events.Length];
        if (rejected.Length == 0) return;
        var positions = log.Positions;
        for (var i = 0; i < LeftOut.Length; i++)
        {
            LeftOut[i] = IsRejected(positions[i]);
            if (LeftOut[i]) leftOut++;
        }
    }

    /// <summary>All events of the window in the order of positions: what is folded behind <see cref="Past"/>.</summary>
    public InteractionLog Log { get; }

    /// <summary>What the log had come to when the window began.</summary>
    public LogPast Past { get; }

    public CollectedLog Collected { get; }

    /// <summary>By index in <see cref="Log"/>: true for rejected events, which nothing is learnt from.</summary>
    public bool[] LeftOut { get; }

    /// <summary>The events of the window that are learnt from, in the order of positions.</summary>
    public InteractionLog Learnt => learnt ??= leftOut == 0 ? Log : Part(static (in LogEvent _) => true);

    /// <summary>Whether the entry of that position is an event of the window that nothing is learnt from.</summary>
    public bool IsRejected(long position) => rejected.AsSpan().BinarySearch(position) >= 0;

    /// <summary>
    /// Whether a user, by number in <see cref="Log"/>, did something in the window and nothing of it is learnt from: a bot, mostly.
    /// </summary>
    public bool IsLeftOut(int user) => (leftOutUsers ??= FindLeftOut())[user];

    /// <summary>What came of each impression of <see cref="Log"/> that is learnt from, by index; NaN for everything else.</summary>
    /// <exception cref="RecSysException">No event is of the type that counts.</exception>
    public float[] Labels(string label)
    {
        if (labels is not null) return labels;
        var known = ImpressionLabels.Of(Learnt, counts: TwoStageTraining.Answers(Learnt, label));
        if (leftOut == 0) return labels = known;
        var (all, next) = (new float[Log.Events.Length], 0);
        for (var i = 0; i < all.Length; i++) all[i] = LeftOut[i] ? float.NaN : known[next++];
        return labels = all;
    }

    /// <summary>The events of the window that are learnt from and pass.</summary>
    public InteractionLog Part(Wanted wanted)
    {
        var events = Log.Events;
        var count = 0;
        for (var i = 0; i < events.Length; i++) count += !LeftOut[i] && wanted(in events[i]) ? 1 : 0;
        var (kept, places) = (new LogEvent[count], new long[count]);
        var all = Log.Positions;
        var next = 0;
        for (var i = 0; i < events.Length; i++)
        {
            if (!LeftOut[i] && wanted(in events[i])) (kept[next], places[next++]) = (events[i], all[i]);
        }
        return new InteractionLog(Log.Items, Log.Users, kept, places) { Merges = Log.Merges };
    }

    public static async Task<NightData> ReadAsync(NightFolder folder, CancellationToken ct)
    {
        var collected = await NightJson.ReadAsync<CollectedLog>(folder[NightFiles.Collected], ct);
        var log = LogFiles.Read(folder[NightFiles.Items], folder[NightFiles.Users], folder[NightFiles.Events], ct);
        var past = PastReader.Read(folder[NightFiles.PastFeatures], folder[NightFiles.PastUsers], log, ct);
        // The first steps read the log before anything was rejected.
        var rejected = File.Exists(folder[NightFiles.Rejected]) ? PositionsFile.Read(folder[NightFiles.Rejected]) : [];
        return new NightData(log, past, collected, rejected);
    }

    private bool[] FindLeftOut()
    {
        var (kept, found) = (new bool[Log.Users.Count], new bool[Log.Users.Count]);
        var events = Log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].User >= 0) (LeftOut[i] ? found : kept)[events[i].User] = true;
        }
        for (var user = 0; user < found.Length; user++) found[user] &= !kept[user];
        return found;
    }

    /// <summary>Whether an event is wanted.</summary>
    internal delegate bool Wanted(in LogEvent e);
}
