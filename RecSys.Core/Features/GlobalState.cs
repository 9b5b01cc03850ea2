using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// What holds for the whole log: overall rates that smooth the rates of users and items, and rates by location, device, hour, position,
/// category and creator. Fixed size but for the hashed tables, which fill up to 65,536 cells; names with the same hash share a cell. One
/// writer, any number of readers without a lock: what reads fading counts copies a cell as it was between two events
/// (<see cref="RateCell.Copy"/>); everything else is single numbers that only count, where an event half counted moves a rate by less than
/// one event and is gone at the next read.
/// </summary>
public sealed partial class GlobalState
{
    internal const int Positions = 50;
    private const int HashedCells = 1 << 16;
    private const int Durations = 40;

    private readonly RateCell[] locations = new RateCell[256];
    private readonly RateCell[] devices = new RateCell[8];
    private readonly RateCell[] hours = new RateCell[24];
    private readonly RateCell[] positions = new RateCell[Positions];
    private readonly ChunkedTable<RateCell> hashed = new();
    private readonly float[] plays = new float[Durations];
    private readonly float[] longPlays = new float[Durations];
    private RateCell positioned;
    private RateCell total;
    private WholeCounts counts;

    internal ref readonly RateCell Total => ref total;
    internal ref readonly RateCell Location(byte location) => ref locations[location];
    internal ref readonly RateCell Device(byte device) => ref devices[Math.Min(device, (byte)7)];
    internal ref readonly RateCell Hour(int hour) => ref hours[hour];
    internal ref readonly RateCell Category(uint key) => ref hashed.Read(Slot(key, 1));
    internal ref readonly RateCell Creator(uint key) => ref hashed.Read(Slot(key, 2));
    internal ref readonly RateCell CategoryAtLocation(uint key, byte location) => ref hashed.Read(Slot(key, 3u + location));
    internal ref readonly RateCell DurationAtLocation(int bucket, byte location) => ref hashed.Read(Slot((uint)bucket, 300u + location));

    /// <summary>Share of impressions that were clicked, drawn to 0.1 while there are few.</summary>
    public float ClickRate => total.Rate(0.1f, 20);

    /// <summary>Positive events per impression, drawn to 0.1 while there are few.</summary>
    public float PositiveRate => Smooth.Rate(total.Positives, total.Impressions, 0.1f, 20);

    internal float LongViewRate => Smooth.Rate(counts.LongViews, total.Impressions, 0.05f, 20);
    /// <summary>Long views per play, drawn to 0 while there are few plays.</summary>
    internal float LongViewShare => counts.LongPlays / (counts.Plays + 20);
    internal float LikeShare => Smooth.Rate(counts.Likes, counts.Views, 0.02f, 100);
    internal float LikeRate => Smooth.Rate(counts.Likes, total.Impressions, 0.01f, 100);
    internal float ConversionRate => Smooth.Rate(counts.Conversions, total.Impressions, 0.01f, 100);
    internal float RejectionRate => Smooth.Rate(counts.Rejections, total.Impressions, 0.005f, 100);

    /// <summary>Click rate of a location, drawn to the overall rate.</summary>
    internal float LocationRate(byte location) => locations[location].Rate(ClickRate, 50);

    /// <summary>Bucket of ln(1 + seconds): a new one with each factor of about 1.65; -1 when unknown.</summary>
    internal static int DurationBucket(float logDuration) => float.IsNaN(logDuration) ? -1 : (int)(logDuration * 2);

    /// <summary>Takes in one event with what was recorded for it. Reads nothing but this state and the item's facts.</summary>
    internal void Apply(in LogEvent e, in ItemFacts item, in Contribution c)
    {
        var kind = new EventKind(in e);
        Count(ref total, in e, in kind);
        if (c.Play != PlayKind.None) CountPlay(item.LogDuration, c.Play, kind.Undo);
        switch (e.Type)
        {
            case EventType.View: Step(ref counts.Views, kind.Undo); break;
            case EventType.LongView: Step(ref counts.LongViews, kind.Undo); break;
            case EventType.Like or EventType.Follow: Step(ref counts.Likes, kind.Undo); break;
            case EventType.AddToCart or EventType.Purchase: Step(ref counts.Conversions, kind.Undo); break;
        }
        if (kind.Negative) Step(ref counts.Rejections, kind.Undo);
        if (!kind.Impression && !kind.Positive) return;
        Count(ref locations[e.Location], in e, in kind);
        Count(ref devices[Math.Min(e.Device, (byte)7)], in e, in kind);
        Count(ref hours[HourOf(e.TimeMs)], in e, in kind);
        if (e.Position >= 0)
        {
            Count(ref positions[Math.Min((int)e.Position, Positions - 1)], in e, in kind);
            Count(ref positioned, in e, in kind);
        }
        if (item.Category != 0)
        {
            Count(ref hashed.Write(Slot(item.Category, 1)), in e, in kind);
            Count(ref hashed.Write(Slot(item.Category, 3u + e.Location)), in e, in kind);
        }
        if (item.Creator != 0) Count(ref hashed.Write(Slot(item.Creator, 2)), in e, in kind);
        var bucket = DurationBucket(item.LogDuration);
        if (bucket >= 0) Count(ref hashed.Write(Slot((uint)bucket, 300u + e.Location)), in e, in kind);
    }

    /// <summary>
    /// Click probability of an average item at this location and position. The position counts only where clicks carry it too, since a log
    /// whose clicks come without a position would make every position look worthless.
    /// </summary>
    internal float ExpectedClicks(byte location, int position)
    {
        var rate = LocationRate(location);
        if (position < 0 || positioned.Clicks < 0.5f * total.Clicks || positioned.Impressions < 100) return rate;
        var overall = positioned.Rate(ClickRate, 20);
        return rate * positions[Math.Min(position, Positions - 1)].Rate(overall, 50) / overall;
    }

    /// <summary>
    /// Long views to be expected of a play of an item of this duration (ln(1 + seconds)), at the odds of <paramref name="lift"/>; 0 where
    /// the log has none.
    /// </summary>
    internal float ExpectedLongViews(float logDuration, float lift)
    {
        if (counts.LongPlays == 0) return 0;
        var at = PlaySlot(logDuration);
        return Smooth.Lifted(Smooth.Rate(longPlays[at], plays[at], LongViewShare, 50), lift);
    }

    private void CountPlay(float logDuration, PlayKind play, bool undo)
    {
        var at = PlaySlot(logDuration);
        if ((play & PlayKind.Began) != 0)
        {
            Step(ref plays[at], undo);
            Step(ref counts.Plays, undo);
        }
        if ((play & PlayKind.WasLong) == 0) return;
        Step(ref longPlays[at], undo);
        Step(ref counts.LongPlays, undo);
    }

    private static void Step(ref float count, bool undo) => count = undo ? TakenBack.From(count) : count + 1;

    // Twice as fine as DurationBucket; the last slot is for unknown durations.
    private static int PlaySlot(float logDuration) =>
        float.IsNaN(logDuration) ? Durations - 1 : Math.Clamp((int)(logDuration * 4), 0, Durations - 2);

    internal static int HourOf(long timeMs) => (int)((timeMs / DecayFactors.HourMs % 24 + 24) % 24);

    private static int Slot(uint key, uint kind)
    {
        var h = (key + kind * 0x9E3779B9u) * 0x85EBCA6Bu;
        h = (h ^ (h >> 15)) * 0xC2B2AE35u;
        return (int)((h ^ (h >> 16)) & (HashedCells - 1));
    }

    private static void Count(ref RateCell cell, in LogEvent e, in EventKind kind) =>
        cell.Apply(e.TimeMs, in kind);
}
