using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// Everything features remember of one user: at most 1,024 bytes in the binary form, which is what lies in memory. It is a fold over the
/// user's events and not thread-safe: one lock per user, held while events are applied or features are computed.
/// <para>Late events (older than the latest) count in every counter with the weight they would have by now, but never change the order of
/// <see cref="RecentItems"/>: one that is older than the last entry, by its second, is not entered. Duplicates count twice; they are
/// removed by event id before they come here.</para>
/// </summary>
public sealed partial class UserState
{
    /// <summary>Capacity of <see cref="RecentItems"/>.</summary>
    public const int RecentCapacity = 50;

    /// <summary>A gap of this length between two events starts a new session: 30 minutes.</summary>
    public const long SessionGapMs = 30 * 60_000;

    /// <summary>Each new impression lets the older ones count a tenth less in the recent click rate.</summary>
    private const float RecentKeep = 0.9f;

    internal UserCounters Counters;
    internal AffinityTable Categories = new(16);
    internal AffinityTable Creators = new(10);
    internal SeenItems Seen = new();
    private int[] recent = [];
    private ProfileCodes profile = ProfileCodes.None;
    private int recentCount;

    /// <summary>
    /// Ordinals of the last 50 items of the user's sequence, oldest first, by the rule of <see cref="InteractionSequence"/>.
    /// </summary>
    public ReadOnlySpan<int> RecentItems => recent.AsSpan(0, recentCount);

    /// <summary>Unix time of the latest event, milliseconds; 0 for a user without events.</summary>
    public long LastEventMs => Counters.ClockMs;

    /// <summary>A user without events, for reading only.</summary>
    internal static UserState Nobody { get; } = new();

    /// <summary>Takes in one event of this user with what was recorded for it. Reads nothing but this state and the item's facts.</summary>
    /// <param name="e">The event.</param>
    /// <param name="item">Facts of its item.</param>
    /// <param name="c">From <see cref="FeatureState.Resolve(in LogEvent)"/>.</param>
    internal void Apply(in LogEvent e, in ItemFacts item, in Contribution c)
    {
        if (e.Item < 0) return;
        var kind = new EventKind(in e);
        var late = e.TimeMs < Counters.ClockMs;
        var weights = late ? DecayFactors.After(Counters.ClockMs - e.TimeMs) : DecayFactors.None;
        var seconds = (uint)(e.TimeMs / 1000);
        if (kind.Undo)
        {
            TakeBack(in e, seconds, in item, in kind, in c, in weights);
            return;
        }
        if (!late) Advance(e.TimeMs, seconds);
        if (Counters.FirstSeconds == 0 || seconds < Counters.FirstSeconds) Counters.FirstSeconds = seconds;

        if (kind.Impression)
        {
            CountImpression(in e, seconds, in item, in weights);
            Counters.ExpectedClicks += c.UserClicks;
        }
        if (kind.Click) CountClick(in e, seconds, in item, in weights);
        if (kind.Positive) CountPositive(in e, seconds, in item, in weights);
        CountPlay(in e, in c);
        if (kind.Negative) Counters.Rejections++;
        CountType(in e, in item);

        Categories.Apply(item.Category, seconds, in kind);
        Creators.Apply(item.Creator, seconds, in kind);
        Seen.Apply(e.Item, seconds, in kind);
        if (!late) Counters.LastLocation = e.Location;
    }

    private void Advance(long timeMs, uint seconds)
    {
        ref var c = ref Counters;
        if (c.ClockMs == 0 || timeMs - c.ClockMs > SessionGapMs)
        {
            c.SessionStartSeconds = seconds;
            (c.SessionImpressions, c.SessionClicks) = (0, 0);
            ShortCounts.Add(ref c.Sessions);
        }
        if (c.ClockMs != 0 && timeMs > c.ClockMs)
        {
            var fade = DecayFactors.After(timeMs - c.ClockMs);
            c.Impressions.Decay(in fade);
            c.Clicks.Decay(in fade);
            c.Positives.Decay(in fade);
        }
        c.ClockMs = timeMs;
    }

    private void CountImpression(in LogEvent e, uint seconds, in ItemFacts item, in DecayFactors weights)
    {
        ref var c = ref Counters;
        c.Impressions.Add(in weights);
        if (seconds >= c.SessionStartSeconds) ShortCounts.Add(ref c.SessionImpressions);
        c.RecentImpressions = c.RecentImpressions * RecentKeep + 1;
        c.RecentClicks *= RecentKeep;
        ShortCounts.Add(ref c.ImpressionsSinceClick);
        var part = DayPart(e.TimeMs);
        ShortCounts.Add(ref c.DayPartImpressions[part], ref c.DayPartClicks[part]);
        if (e.Device < ContextCodes.DeviceCount) ShortCounts.Add(ref c.DeviceImpressions[e.Device]);
        var place = PlaceSlot(e.Location);
        ShortCounts.Add(ref c.PlaceImpressions[place], ref c.PlaceClicks[place]);
        c.PlaceRecentImpressions[place] = c.PlaceRecentImpressions[place] * RecentKeep + 1;
        c.PlaceRecentClicks[place] *= RecentKeep;
        if (LengthOf(item.DurationSeconds) is >= 0 and var length)
            ShortCounts.Add(ref c.LengthImpressions[length], ref c.LengthClicks[length]);
    }

    private void CountClick(in LogEvent e, uint seconds, in ItemFacts item, in DecayFactors weights)
    {
        ref var c = ref Counters;
        c.Clicks.Add(in weights);
        if (seconds >= c.SessionStartSeconds) ShortCounts.Add(ref c.SessionClicks);
        c.RecentClicks += 1;
        c.ImpressionsSinceClick = 0;
        c.LastClickSeconds = Math.Max(c.LastClickSeconds, seconds);
        var part = DayPart(e.TimeMs);
        ShortCounts.Add(ref c.DayPartClicks[part], ref c.DayPartImpressions[part]);
        var place = PlaceSlot(e.Location);
        ShortCounts.Add(ref c.PlaceClicks[place], ref c.PlaceImpressions[place]);
        c.PlaceRecentClicks[place] += 1;
        if (LengthOf(item.DurationSeconds) is >= 0 and var length)
            ShortCounts.Add(ref c.LengthClicks[length], ref c.LengthImpressions[length]);
    }

    private void CountPositive(in LogEvent e, uint seconds, in ItemFacts item, in DecayFactors weights)
    {
        ref var c = ref Counters;
        c.Positives.Add(in weights);
        c.LastPositiveSeconds = Math.Max(c.LastPositiveSeconds, seconds);
        if (seconds < c.LastEntrySeconds || !InteractionSequence.Extends(RecentItems, in e)) return;
        c.LastEntrySeconds = seconds;
        c.LogPrice.Add(item.LogPrice);
        c.LogDuration.Add(item.LogDuration);
        Enter(e.Item);
    }

    private void CountType(in LogEvent e, in ItemFacts item)
    {
        ref var c = ref Counters;
        var known = float.IsFinite(e.Value);
        switch (e.Type)
        {
            case EventType.View:
                c.Views++;
                break;
            case EventType.LongView:
                c.LongViews++;
                break;
            case EventType.Like or EventType.Follow:
                c.Likes++;
                break;
            case EventType.AddToCart or EventType.Purchase:
                c.Conversions++;
                break;
            case EventType.Rating when known:
                (c.RatingSum, c.RatingCount) = (c.RatingSum + e.Value, c.RatingCount + 1);
                break;
        }
        if (!known || e.Type is not (EventType.View or EventType.LongView)) return;
        (c.WatchSeconds, c.WatchCount) = (c.WatchSeconds + e.Value, c.WatchCount + 1);
        if (item.DurationSeconds > 0)
            (c.WatchRatio, c.WatchRatioCount) = (c.WatchRatio + Math.Min(e.Value / item.DurationSeconds, 3), c.WatchRatioCount + 1);
    }

    /// <summary>
    /// Views begin a play, and so do impressions that say for how long the item played by itself. A long view belongs to the play of that
    /// item just before it; without one it is a play of its own if it says seconds. Without seconds it is ignored here: lists of long views
    /// that come without what else was played say nothing about the share.
    /// </summary>
    internal PlayKind PlayOf(in LogEvent e) => e.Type switch
    {
        EventType.View => PlayKind.Began,
        EventType.Impression when e.Value > 0 => PlayKind.Began,
        EventType.LongView when e.Meaning == EventMeaning.Undo || Counters.PlayedItem == e.Item + 1 => PlayKind.WasLong,
        EventType.LongView when float.IsFinite(e.Value) => PlayKind.Began | PlayKind.WasLong,
        _ => PlayKind.None,
    };

    private void CountPlay(in LogEvent e, in Contribution recorded)
    {
        if (recorded.Play == PlayKind.None) return;
        ref var c = ref Counters;
        if ((recorded.Play & PlayKind.Began) != 0)
        {
            if (c.Plays == ushort.MaxValue) c.HalvePlays();
            c.Plays++;
            c.ExpectedLongViews += recorded.UserLongViews;
            c.PlayedItem = e.Item + 1;
        }
        if ((recorded.Play & PlayKind.WasLong) == 0) return;
        ShortCounts.Add(ref c.LongPlays);
        c.PlayedItem = 0;
    }

    /// <summary>
    /// Attribute codes of the profile, kept for the next request; one reference, so that a state shared by unknown users is safe.
    /// </summary>
    internal ProfileCodes ProfileOf(User user)
    {
        var known = profile;
        if (!known.IsOf(user)) profile = known = new ProfileCodes(user);
        return known;
    }

    private void Enter(int item)
    {
        if (recentCount == RecentCapacity)
        {
            recent.AsSpan(1).CopyTo(recent);
            recentCount--;
        }
        else if (recentCount == recent.Length) Array.Resize(ref recent, Math.Min(RecentCapacity, Math.Max(4, recentCount * 2)));
        recent[recentCount++] = item;
    }

    /// <summary>0 below 15 seconds, 1 below 40, 2 below 100, 3 from there on; -1 when unknown.</summary>
    internal static int LengthOf(float seconds) => float.IsNaN(seconds) ? -1 : seconds < 15 ? 0 : seconds < 40 ? 1 : seconds < 100 ? 2 : 3;

    internal static int DayPart(long timeMs) => (int)(timeMs / (6 * DecayFactors.HourMs) & 3);

    /// <summary>
    /// Slot of a location; slot 0 is unknown, and with all five others taken the one with the fewest impressions makes room.
    /// </summary>
    private int PlaceSlot(byte location)
    {
        var found = FindPlace(location);
        if (found >= 0) return found;
        ref var c = ref Counters;
        var least = 1;
        for (var i = 1; i < 6; i++)
        {
            if (c.PlaceNames[i] == 0)
            {
                least = i;
                break;
            }
            if (c.PlaceImpressions[i] < c.PlaceImpressions[least]) least = i;
        }
        c.PlaceNames[least] = location;
        (c.PlaceImpressions[least], c.PlaceClicks[least]) = (0, 0);
        (c.PlaceRecentImpressions[least], c.PlaceRecentClicks[least]) = (0, 0);
        return least;
    }

    /// <summary>Slot of a location that the user has been at, or -1; 0 is always known.</summary>
    internal int FindPlace(byte location)
    {
        if (location == 0) return 0;
        for (var i = 1; i < 6; i++)
        {
            if (Counters.PlaceNames[i] == location) return i;
        }
        return -1;
    }
}
