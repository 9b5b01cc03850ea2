using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly;

/// <summary>The log up to the night's day, and which of its events are learnt from.</summary>
internal sealed class NightData
{
    private float[]? labels;

    private NightData(InteractionLog log, CollectedLog collected, long[] rejected)
    {
        (Log, Collected) = (log, collected);
        LeftOut = new bool[log.Events.Length];
        var positions = log.Positions;
        for (var i = 0; i < LeftOut.Length; i++)
            LeftOut[i] = i < collected.FirstEvent || rejected.AsSpan().BinarySearch(positions[i]) >= 0;
        Learnt = Part(_ => true);
    }

    /// <summary>All events up to the end of the day, in the order of positions: what the state is folded from.</summary>
    public InteractionLog Log { get; }

    public CollectedLog Collected { get; }

    /// <summary>By index in <see cref="Log"/>: true for events before the window and for rejected ones, which nothing is learnt from.</summary>
    public bool[] LeftOut { get; }

    /// <summary>The events of the window that are learnt from, in the order of positions.</summary>
    public InteractionLog Learnt { get; }

    /// <summary>What came of each impression of <see cref="Log"/> that is learnt from, by index; NaN for everything else.</summary>
    /// <exception cref="RecSysException">No event is of the type that counts.</exception>
    public float[] Labels(string label)
    {
        if (labels is not null) return labels;
        var known = ImpressionLabels.Of(Learnt, counts: TwoStageTraining.Answers(Learnt, label));
        var (all, next) = (new float[Log.Events.Length], 0);
        for (var i = 0; i < all.Length; i++) all[i] = LeftOut[i] ? float.NaN : known[next++];
        return labels = all;
    }

    /// <summary>The events of the window that are learnt from and pass.</summary>
    public InteractionLog Part(Func<LogEvent, bool> wanted)
    {
        var (kept, places) = (new List<LogEvent>(), new List<long>());
        for (var i = Collected.FirstEvent; i < LeftOut.Length; i++)
        {
            if (LeftOut[i] || !wanted(Log.Events[i])) continue;
            kept.Add(Log.Events[i]);
            places.Add(Log.Positions[i]);
        }
        return new InteractionLog(Log.Items, Log.Users, [.. kept], [.. places]) { Merges = Log.Merges };
    }

    public static async Task<NightData> ReadAsync(NightFolder folder, CancellationToken ct)
    {
        var collected = await NightJson.ReadAsync<CollectedLog>(folder[NightFiles.Collected], ct);
        var log = LogFiles.Read(folder[NightFiles.Items], folder[NightFiles.Users], folder[NightFiles.Events], ct);
        // The first steps read the log before anything was rejected.
        var rejected = File.Exists(folder[NightFiles.Rejected]) ? PositionsFile.Read(folder[NightFiles.Rejected]) : [];
        return new NightData(log, collected, rejected);
    }
}
