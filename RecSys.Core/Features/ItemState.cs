using System.Runtime.CompilerServices;

namespace RecSys.Core.Features;

/// <summary>
/// Counters of one item, 208 bytes; written to snapshots as they lie in memory, so a change of the fields needs a new
/// <see cref="SnapshotFormat.ItemVersion"/>. Times are Unix milliseconds, 0 for never; windows refer to <see cref="ClockMs"/>.
/// </summary>
internal partial struct ItemState
{
    public long ClockMs;
    public long FirstMs;
    public long LastImpressionMs;
    public long LastPositiveMs;
    public WindowCounts Impressions;
    public WindowCounts Clicks;
    public WindowCounts Positives;
    /// <summary>
    /// Clicks that average items would have got from the same users at the same locations and positions (the denominator of COEC).
    /// </summary>
    public float ExpectedClicks;
    public float Views;
    public float LongViews;
    public float Likes;
    public float Conversions;
    public float Rejections;
    public float WatchSeconds;
    public float WatchCount;
    public float WatchRatio;
    public float WatchRatioCount;
    public float RatingSum;
    public float RatingCount;
    public float Revenue;
    public float Positions;
    public float PositionCount;
    /// <summary>Views, and impressions that say for how long they played.</summary>
    public float Plays;
    /// <summary>Plays that a long view followed.</summary>
    public float LongPlays;
    /// <summary>Long views that average items of the same duration would have got from the same users.</summary>
    public float ExpectedLongViews;
    /// <summary>Locations of <see cref="PlaceImpressions"/>; 0 is a free slot.</summary>
    public ItemPlaceNames PlaceNames;
    public ItemPlaces PlaceImpressions;
    public ItemPlaces PlaceClicks;
    /// <summary>See <see cref="SequenceLock"/>; twice the number of events.</summary>
    internal uint Sequence;

    /// <summary>
    /// Long views over those of an average item of the same duration played by the same users, drawn to 1 by 8 expected ones.
    /// </summary>
    public readonly float LongViewLift => (LongPlays + 8) / (ExpectedLongViews + 8);

    /// <summary>
    /// Clicks over those of an average item shown to the same users at the same places, drawn to the lift of long views by 8 expected
    /// clicks.
    /// </summary>
    public readonly float ClickLift => (Clicks.All + 8 * LongViewLift) / (ExpectedClicks + 8);

    /// <summary>Slot of a location, or -1 when the item was not shown there or only long ago.</summary>
    public readonly int FindPlace(byte location)
    {
        for (var i = 0; i < 4 && location != 0; i++)
        {
            if (PlaceNames[i] == location) return i;
        }
        return -1;
    }

    /// <summary>Slot of a location; with all taken, the one with the fewest impressions makes room. Location 0 has none: -1.</summary>
    public int PlaceSlot(byte location)
    {
        var found = FindPlace(location);
        if (found >= 0 || location == 0) return found;
        var least = 0;
        for (var i = 1; i < 4; i++)
        {
            if (PlaceImpressions[i] < PlaceImpressions[least]) least = i;
        }
        PlaceNames[least] = location;
        (PlaceImpressions[least], PlaceClicks[least]) = (0, 0);
        return least;
    }

    /// <summary>Brings the windows forward to a moment; a moment in the past changes nothing.</summary>
    public void Advance(long timeMs)
    {
        if (ClockMs != 0 && timeMs > ClockMs)
        {
            var fade = DecayFactors.After(timeMs - ClockMs);
            Impressions.Decay(in fade);
            Clicks.Decay(in fade);
            Positives.Decay(in fade);
        }
        ClockMs = Math.Max(ClockMs, timeMs);
    }
}

/// <summary>One value for each of the item's main locations.</summary>
[InlineArray(4)]
internal struct ItemPlaces
{
    private float first;
}

/// <summary>The location codes that <see cref="ItemPlaces"/> stands for.</summary>
[InlineArray(4)]
internal struct ItemPlaceNames
{
    private byte first;
}
