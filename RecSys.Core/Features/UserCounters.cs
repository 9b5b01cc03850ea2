using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>
/// The part of a user's state that has a fixed size, 284 bytes; written to the binary form as it lies in memory, so a change of its fields
/// needs a new <see cref="UserState.FormatVersion"/>. Times are 0 for never: Unix seconds, which features read as milliseconds, but for the
/// clock.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct UserCounters
{
    public long ClockMs;
    public uint FirstSeconds;
    public uint LastClickSeconds;
    public uint LastPositiveSeconds;
    public uint LastEntrySeconds;
    public uint SessionStartSeconds;
    public WindowCounts Impressions;
    public WindowCounts Clicks;
    public WindowCounts Positives;
    /// <summary>Clicks that an average user would have made on the same items at the same locations and positions.</summary>
    public float ExpectedClicks;
    /// <summary>Views, and impressions that say for how long they played.</summary>
    public ushort Plays;
    /// <summary>Plays that became long views.</summary>
    public ushort LongPlays;
    /// <summary>Long views that an average user would have made of the same plays.</summary>
    public float ExpectedLongViews;
    /// <summary>Ordinal plus one of the item played last, until a long view of it is counted; 0 for none.</summary>
    public int PlayedItem;
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
    public Spread LogPrice;
    public Spread LogDuration;
    public ShortFloat RecentImpressions;
    public ShortFloat RecentClicks;
    public ushort ImpressionsSinceClick;
    public ushort Sessions;
    public ushort SessionImpressions;
    public ushort SessionClicks;
    public DayParts DayPartImpressions;
    public DayParts DayPartClicks;
    public Devices DeviceImpressions;
    public Places PlaceImpressions;
    public Places PlaceClicks;
    public PlaceRates PlaceRecentImpressions;
    public PlaceRates PlaceRecentClicks;
    public Lengths LengthImpressions;
    public Lengths LengthClicks;
    public PlaceNames PlaceNames;
    public byte LastLocation;

    public readonly long FirstMs => FirstSeconds * 1000L;
    public readonly long LastClickMs => LastClickSeconds * 1000L;
    public readonly long LastPositiveMs => LastPositiveSeconds * 1000L;
    public readonly long SessionStartMs => SessionStartSeconds * 1000L;

    /// <summary>Long views over those of an average user who played the same, drawn to 1 by 3 expected ones.</summary>
    public readonly float LongViewLift => (LongPlays + 3) / (ExpectedLongViews + 3);

    /// <summary>Clicks over those of an average user shown the same, drawn to the lift of long views by 6 expected clicks.</summary>
    public readonly float ClickLift => (Clicks.All + 6 * LongViewLift) / (ExpectedClicks + 6);

    /// <summary>
    /// Only ratios of plays, long plays and expected ones matter, so that they are halved together when the count is full.
    /// </summary>
    public void HalvePlays() =>
        (Plays, LongPlays, ExpectedLongViews) = ((ushort)(Plays / 2), (ushort)(LongPlays / 2), ExpectedLongViews / 2);
}

/// <summary>One value for each class of <see cref="UserState.LengthOf"/>.</summary>
[InlineArray(4)]
internal struct Lengths
{
    private ushort first;
}

/// <summary>One value for each quarter of the day, UTC.</summary>
[InlineArray(4)]
internal struct DayParts
{
    private ushort first;
}

/// <summary>One value for each device code.</summary>
[InlineArray(6)]
internal struct Devices
{
    private ushort first;
}

/// <summary>One count for each of the user's own locations.</summary>
[InlineArray(6)]
internal struct Places
{
    private ushort first;
}

/// <summary>One fading count for each of the user's own locations.</summary>
[InlineArray(6)]
internal struct PlaceRates
{
    private ShortFloat first;
}

/// <summary>The location codes that <see cref="Places"/> stands for.</summary>
[InlineArray(6)]
internal struct PlaceNames
{
    private byte first;
}
