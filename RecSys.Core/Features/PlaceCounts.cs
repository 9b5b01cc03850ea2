namespace RecSys.Core.Features;

/// <summary>What a user did at one of the own locations, taken out of its slot to be merged with another user's.</summary>
internal readonly record struct PlaceCounts(byte Name, ushort Impressions, ushort Clicks, float RecentImpressions, float RecentClicks)
{
    // See UserState: more than the fading count of impressions can be.
    private const float MostRecent = 10;

    public static PlaceCounts At(in UserCounters c, int slot) =>
        new(c.PlaceNames[slot], c.PlaceImpressions[slot], c.PlaceClicks[slot], c.PlaceRecentImpressions[slot], c.PlaceRecentClicks[slot]);

    public PlaceCounts With(PlaceCounts other)
    {
        var (impressions, clicks) = ShortCounts.Sum((Impressions, Clicks), (other.Impressions, other.Clicks));
        var recent = RecentImpressions + other.RecentImpressions;
        var scale = recent > MostRecent ? MostRecent / recent : 1;
        return new PlaceCounts(Name, impressions, clicks, recent * scale, (RecentClicks + other.RecentClicks) * scale);
    }

    public void Write(ref UserCounters c, int slot)
    {
        (c.PlaceNames[slot], c.PlaceImpressions[slot], c.PlaceClicks[slot]) = (Name, Impressions, Clicks);
        (c.PlaceRecentImpressions[slot], c.PlaceRecentClicks[slot]) = (RecentImpressions, RecentClicks);
    }
}
