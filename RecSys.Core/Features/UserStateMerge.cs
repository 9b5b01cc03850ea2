using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <content>How the state of an anonymous visitor becomes part of a known user's.</content>
public sealed partial class UserState
{
    // What the fading counts of the latest impressions come to when every one is counted: 1 / (1 - RecentKeep).
    private const float MostRecent = 10;

    /// <summary>
    /// Takes in everything of another state, as if one user had done both. Plain counts add up (16-bit ones stop at their limit or are
    /// halved in pairs, as always), windows and affinities are faded to the later clock and add up, clocks are the later ones, sessions add
    /// up unless both were running. Tables that are full keep what was met last; of locations, those with the most impressions. Sequences
    /// are merged by time where it is known: an entry without a known time counts as old as the next one with one. Merging an empty state
    /// changes nothing; the order of the two does not matter, but for rounding in the sums.
    /// </summary>
    public void Merge(UserState other)
    {
        if (other.Counters.FirstSeconds == 0) return;
        if (Counters.FirstSeconds == 0)
        {
            var own = profile;
            CopyFrom(other);
            profile = own;
            return;
        }
        MergeSequence(other);
        Seen.Merge(in other.Seen);
        Categories.Merge(in other.Categories);
        Creators.Merge(in other.Creators);
        MergeCounters(other.Counters);
    }

    private void MergeCounters(UserCounters theirs)
    {
        ref var c = ref Counters;
        MergeSession(in theirs);
        var (mine, later) = (c.ClockMs, Math.Max(c.ClockMs, theirs.ClockMs));
        FadeTo(ref c, later);
        FadeTo(ref theirs, later);
        c.Impressions.Add(in theirs.Impressions);
        c.Clicks.Add(in theirs.Clicks);
        c.Positives.Add(in theirs.Positives);
        c.FirstSeconds = Math.Min(c.FirstSeconds, theirs.FirstSeconds);
        c.LastPositiveSeconds = Math.Max(c.LastPositiveSeconds, theirs.LastPositiveSeconds);
        c.LastEntrySeconds = Math.Max(c.LastEntrySeconds, theirs.LastEntrySeconds);
        if (theirs.LastClickSeconds > c.LastClickSeconds)
            (c.LastClickSeconds, c.ImpressionsSinceClick) = (theirs.LastClickSeconds, theirs.ImpressionsSinceClick);
        else if (theirs.LastClickSeconds == c.LastClickSeconds)
            c.ImpressionsSinceClick = ShortCounts.Sum(c.ImpressionsSinceClick, theirs.ImpressionsSinceClick);
        // Where both clocks stand at the same moment, neither is the later: the smaller code and ordinal make it the same in either order.
        if (mine < theirs.ClockMs) (c.LastLocation, c.PlayedItem) = (theirs.LastLocation, theirs.PlayedItem);
        else if (mine == theirs.ClockMs)
            (c.LastLocation, c.PlayedItem) = (Math.Min(c.LastLocation, theirs.LastLocation), Math.Min(c.PlayedItem, theirs.PlayedItem));
        c.ExpectedClicks += theirs.ExpectedClicks;
        MergePlays(ref theirs);
        c.Views += theirs.Views;
        c.LongViews += theirs.LongViews;
        c.Likes += theirs.Likes;
        c.Conversions += theirs.Conversions;
        c.Rejections += theirs.Rejections;
        c.WatchSeconds += theirs.WatchSeconds;
        c.WatchCount += theirs.WatchCount;
        c.WatchRatio += theirs.WatchRatio;
        c.WatchRatioCount += theirs.WatchRatioCount;
        c.RatingSum += theirs.RatingSum;
        c.RatingCount += theirs.RatingCount;
        c.LogPrice.Merge(in theirs.LogPrice);
        c.LogDuration.Merge(in theirs.LogDuration);
        (c.RecentImpressions, c.RecentClicks) =
            Recent(c.RecentImpressions + theirs.RecentImpressions, c.RecentClicks + theirs.RecentClicks);
        ShortCounts.Merge(c.DayPartImpressions, c.DayPartClicks, theirs.DayPartImpressions, theirs.DayPartClicks);
        ShortCounts.Merge(c.LengthImpressions, c.LengthClicks, theirs.LengthImpressions, theirs.LengthClicks);
        for (var i = 0; i < ContextCodes.DeviceCount; i++)
            c.DeviceImpressions[i] = ShortCounts.Sum(c.DeviceImpressions[i], theirs.DeviceImpressions[i]);
        MergePlaces(in theirs);
        c.ClockMs = later;
    }

    private static void FadeTo(ref UserCounters c, long clockMs)
    {
        if (c.ClockMs == 0 || c.ClockMs == clockMs) return;
        var fade = DecayFactors.After(clockMs - c.ClockMs);
        c.Impressions.Decay(in fade);
        c.Clicks.Decay(in fade);
        c.Positives.Decay(in fade);
    }

    // Two sessions that would have been one, had one user been in both, become one.
    private void MergeSession(in UserCounters theirs)
    {
        ref var c = ref Counters;
        c.Sessions = ShortCounts.Sum(c.Sessions, theirs.Sessions);
        var apart = c.ClockMs > theirs.ClockMs
            ? c.SessionStartSeconds * 1000L - theirs.ClockMs : theirs.SessionStartSeconds * 1000L - c.ClockMs;
        if (apart <= SessionGapMs)
        {
            c.Sessions = Math.Max((ushort)1, TakenBack.From(c.Sessions));
            c.SessionStartSeconds = Math.Min(c.SessionStartSeconds, theirs.SessionStartSeconds);
            c.SessionImpressions = ShortCounts.Sum(c.SessionImpressions, theirs.SessionImpressions);
            c.SessionClicks = ShortCounts.Sum(c.SessionClicks, theirs.SessionClicks);
        }
        else if (theirs.ClockMs > c.ClockMs)
            (c.SessionStartSeconds, c.SessionImpressions, c.SessionClicks) =
                (theirs.SessionStartSeconds, theirs.SessionImpressions, theirs.SessionClicks);
    }

    private void MergePlays(ref UserCounters theirs)
    {
        ref var c = ref Counters;
        while (c.Plays + theirs.Plays > ushort.MaxValue)
        {
            c.HalvePlays();
            theirs.HalvePlays();
        }
        c.Plays += theirs.Plays;
        c.LongPlays = ShortCounts.Sum(c.LongPlays, theirs.LongPlays);
        c.ExpectedLongViews += theirs.ExpectedLongViews;
    }

    private static (ShortFloat Impressions, ShortFloat Clicks) Recent(float impressions, float clicks)
    {
        var scale = impressions > MostRecent ? MostRecent / impressions : 1;
        return (impressions * scale, clicks * scale);
    }

    private void MergePlaces(in UserCounters theirs)
    {
        var own = Counters;
        var places = new List<PlaceCounts> { PlaceCounts.At(in own, 0).With(PlaceCounts.At(in theirs, 0)) };
        for (var i = 1; i < 6; i++)
        {
            if (own.PlaceNames[i] != 0) places.Add(PlaceCounts.At(in own, i));
        }
        for (var i = 1; i < 6; i++)
        {
            var place = PlaceCounts.At(in theirs, i);
            if (place.Name == 0) continue;
            var known = places.FindIndex(1, one => one.Name == place.Name);
            if (known < 0) places.Add(place);
            else places[known] = places[known].With(place);
        }
        places.Sort(1, places.Count - 1, Comparer<PlaceCounts>.Create(static (a, b) =>
            a.Impressions != b.Impressions ? b.Impressions.CompareTo(a.Impressions) : a.Name.CompareTo(b.Name)));
        for (var i = 0; i < 6; i++) (i < places.Count ? places[i] : default).Write(ref Counters, i);
    }

    private void MergeSequence(UserState other)
    {
        Span<int> mine = stackalloc int[recentCount];
        Span<uint> mineAt = stackalloc uint[recentCount];
        Span<uint> theirsAt = stackalloc uint[other.recentCount];
        RecentItems.CopyTo(mine);
        EntryTimes(mineAt);
        other.EntryTimes(theirsAt);
        var theirs = other.RecentItems;
        recentCount = 0;
        for (int a = 0, b = 0; a < mine.Length || b < theirs.Length;)
        {
            // Of two entries of one second the smaller ordinal comes first, so that the order of the two states does not matter.
            var first = b == theirs.Length
                || (a < mine.Length && (mineAt[a] < theirsAt[b] || (mineAt[a] == theirsAt[b] && mine[a] <= theirs[b])));
            var item = first ? mine[a++] : theirs[b++];
            if (!InteractionSequence.HasLately(RecentItems, item)) Enter(item);
        }
    }

    /// <summary>
    /// Unix seconds per entry of the sequence, never falling: known of the last one and of the items met lately, otherwise those of the
    /// next entry.
    /// </summary>
    private void EntryTimes(Span<uint> seconds)
    {
        var next = Counters.LastEntrySeconds;
        for (var i = seconds.Length - 1; i >= 0; i--)
        {
            var known = i == seconds.Length - 1 ? 0 : Seen.Find(recent[i]).PositiveSeconds;
            if (known > 0) next = Math.Min(next, known);
            seconds[i] = next;
        }
    }
}
