using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// What holds for the whole log: overall rates that smooth the rates of users and items, and rates by location, device, hour, position, category
/// and creator. Fixed size but for the hashed tables, which fill up to 65,536 cells; names with the same hash share a cell. One writer, any number of readers, as with
/// <see cref="ItemStateTable"/>.
/// </summary>
public sealed class GlobalState
{
    internal const int Positions = 50;
    private const int HashedCells = 1 << 16;
    private const int PopularityBuckets = 128;
    private const int Durations = 40;

    private readonly RateCell[] locations = new RateCell[256];
    private readonly RateCell[] devices = new RateCell[8];
    private readonly RateCell[] hours = new RateCell[24];
    private readonly RateCell[] positions = new RateCell[Positions];
    private readonly ChunkedTable<RateCell> hashed = new();
    private readonly float[] plays = new float[Durations];
    private readonly float[] longPlays = new float[Durations];
    private readonly int[] popularity = new int[PopularityBuckets];
    private int popularItems;
    private RateCell positioned;
    private float views;
    private float longViews;
    private float allPlays;
    private float allLongPlays;
    private float likes;
    private float conversions;
    private float rejections;
    private RateCell total;

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

    internal float LongViewRate => Smooth.Rate(longViews, total.Impressions, 0.05f, 20);
    /// <summary>Long views per play, drawn to 0 while there are few plays.</summary>
    internal float LongViewShare => allLongPlays / (allPlays + 20);
    internal float LikeShare => Smooth.Rate(likes, views, 0.02f, 100);
    internal float LikeRate => Smooth.Rate(likes, total.Impressions, 0.01f, 100);
    internal float ConversionRate => Smooth.Rate(conversions, total.Impressions, 0.01f, 100);
    internal float RejectionRate => Smooth.Rate(rejections, total.Impressions, 0.005f, 100);

    /// <summary>Click rate of a location, drawn to the overall rate.</summary>
    internal float LocationRate(byte location) => locations[location].Rate(ClickRate, 50);

    /// <summary>Bucket of ln(1 + seconds): a new one with each factor of about 1.65; -1 when unknown.</summary>
    internal static int DurationBucket(float logDuration) => float.IsNaN(logDuration) ? -1 : (int)(logDuration * 2);

    /// <summary>Takes in one event.</summary>
    public void Apply(in LogEvent e) => Apply(in e, in ItemFacts.Unknown, PlayKind.None);

    internal void Apply(in LogEvent e, in ItemFacts item, PlayKind play)
    {
        var kind = new EventKind(e.Type);
        Count(ref total, in e, in kind);
        if (play != PlayKind.None) CountPlay(item.LogDuration, play);
        switch (e.Type)
        {
            case EventType.View: views++; break;
            case EventType.LongView: longViews++; break;
            case EventType.Like or EventType.Follow: likes++; break;
            case EventType.AddToCart or EventType.Purchase: conversions++; break;
            case EventType.Dislike or EventType.Hide: rejections++; break;
        }
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
    /// Click probability of an average item at this location and position. The position counts only where clicks carry it too, since a log whose
    /// clicks come without a position would make every position look worthless.
    /// </summary>
    internal float ExpectedClicks(byte location, int position)
    {
        var rate = LocationRate(location);
        if (position < 0 || positioned.Clicks < 0.5f * total.Clicks || positioned.Impressions < 100) return rate;
        var overall = positioned.Rate(ClickRate, 20);
        return rate * positions[Math.Min(position, Positions - 1)].Rate(overall, 50) / overall;
    }

    /// <summary>Long views to be expected of a play of an item of this duration (ln(1 + seconds)), at the odds of <paramref name="lift"/>; 0 where the log has none.</summary>
    internal float ExpectedLongViews(float logDuration, float lift)
    {
        if (allLongPlays == 0) return 0;
        var at = PlaySlot(logDuration);
        return Smooth.Lifted(Smooth.Rate(longPlays[at], plays[at], LongViewShare, 50), lift);
    }

    private void CountPlay(float logDuration, PlayKind play)
    {
        var at = PlaySlot(logDuration);
        if ((play & PlayKind.Began) != 0) (plays[at], allPlays) = (plays[at] + 1, allPlays + 1);
        if ((play & PlayKind.WasLong) != 0) (longPlays[at], allLongPlays) = (longPlays[at] + 1, allLongPlays + 1);
    }

    // Twice as fine as DurationBucket; the last slot is for unknown durations.
    private static int PlaySlot(float logDuration) => float.IsNaN(logDuration) ? Durations - 1 : Math.Clamp((int)(logDuration * 4), 0, Durations - 2);

    /// <summary>Moves one item from <paramref name="before"/> to one more positive event in the histogram behind <see cref="Percentile"/>.</summary>
    internal void MovePopularity(int before)
    {
        var to = Bucket(before + 1);
        if (before == 0) popularItems++;
        else
        {
            var from = Bucket(before);
            if (from == to) return;
            popularity[from]--;
        }
        popularity[to]++;
    }

    /// <summary>
    /// Share of the items with at least one positive event that have fewer than this one, half of its own bucket included; 0 for an item without. Buckets are exact up to
    /// 7 events and then eight to a doubling.
    /// </summary>
    internal float Percentile(int positives)
    {
        if (positives <= 0 || popularItems == 0) return 0;
        var bucket = Bucket(positives);
        var below = 0;
        for (var i = 0; i < bucket; i++) below += popularity[i];
        return Math.Clamp((below + 0.5f * popularity[bucket]) / popularItems, 0, 1);
    }

    internal static int HourOf(long timeMs) => (int)((timeMs / DecayFactors.HourMs % 24 + 24) % 24);

    private static int Bucket(int count)
    {
        if (count < 8) return count;
        var doubling = int.Log2(count) - 3;
        return Math.Min(PopularityBuckets - 1, 8 + doubling * 8 + ((count >> doubling) & 7));
    }

    private static int Slot(uint key, uint kind)
    {
        var h = (key + kind * 0x9E3779B9u) * 0x85EBCA6Bu;
        h = (h ^ (h >> 15)) * 0xC2B2AE35u;
        return (int)((h ^ (h >> 16)) & (HashedCells - 1));
    }

    private static void Count(ref RateCell cell, in LogEvent e, in EventKind kind) =>
        cell.Apply(e.TimeMs, kind.Impression, kind.Click, kind.Positive);
}
