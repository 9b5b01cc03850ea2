namespace RecSys.Core.Features;

/// <summary>When, where and on what the request is made, and how the user behaves in such places.</summary>
internal static class ContextFeatures
{
    public static IReadOnlyList<FeatureDefinition> All { get; } = Build();

    private static string[] OfTheMoment =>
    [
        "hour", "hour_sine", "hour_cosine", "day_of_week", "weekend", "overall_ctr", "overall_ctr_7d", "location_ctr", "location_ctr_7d",
        "device_ctr", "hour_ctr",
    ];

    private static IReadOnlyList<FeatureDefinition> Build()
    {
        var group = new FeatureGroupBuilder(FeatureGroup.Context);
        Clock(group);
        Surroundings(group);
        UserThere(group);
        group.Add(new FeatureDefinition("position", FeatureGroup.Context, "position", 0,
            "Position shown, in training rows of a log where that is position bias; else, and always when serving, 0",
            DriftBins.Count, Categorical: false, s => Math.Max(0, s.Candidate.Position)) { PerCandidate = true });
        return [.. group.Features.Select(feature => OfTheMoment.Contains(feature.Name) ? feature with { OfTheMoment = true } : feature)];
    }

    private static void Clock(FeatureGroupBuilder group)
    {
        group.Number("hour", "hour", DriftBins.Hour, "Hour of the day, UTC, with fraction", s => Hour(s));
        group.Number("hour_sine", "ratio", DriftBins.Signed, "Sine of the time of day", s => MathF.Sin(Hour(s) * (MathF.Tau / 24)));
        group.Number("hour_cosine", "ratio", DriftBins.Signed, "Cosine of the time of day", s => MathF.Cos(Hour(s) * (MathF.Tau / 24)));
        group.Number("day_of_week", "day", DriftBins.Code, "0 Sunday to 6 Saturday, UTC", s => Day(s));
        group.Number("weekend", "flag", DriftBins.Code, "1 on Saturday and Sunday, UTC", s => Day(s) is 0 or 6 ? 1 : 0);
    }

    private static void Surroundings(FeatureGroupBuilder group)
    {
        group.Category("device", DriftBins.Code, "Code of the device; 0 unknown", s => s.Request.Device);
        group.Category("location", DriftBins.Bucket, "Hash bucket of the location, 1 to 255; 0 unknown", s => s.Request.Location);
        group.Rate("overall_ctr", "Click rate of the whole log", s => s.ClickRate);
        group.Rate("overall_ctr_7d", "Click rate of about the last week", s => RateCell.Copy(in s.Global.Total).RateWeek(s.ClickRate, 100));
        group.Rate("location_ctr", "Click rate at the location", s => s.LocationRate);
        group.Rate("location_ctr_7d", "Click rate at the location in about the last week",
            s => RateCell.Copy(in s.Global.Location(s.Request.Location)).RateWeek(s.LocationRate, 50));
        group.Rate("device_ctr", "Click rate on the device", s => s.Global.Device(s.Request.Device).Rate(s.ClickRate, 50));
        group.Rate("hour_ctr", "Click rate in this hour of the day", s => s.Global.Hour(GlobalState.HourOf(s.Now)).Rate(s.ClickRate, 50));
    }

    private static void UserThere(FeatureGroupBuilder group)
    {
        group.Count("user_location_impressions", "Items shown to the user at this location", s => s.Place < 0
            ? 0 : s.Counters.PlaceImpressions[s.Place]);
        group.Rate("user_location_ctr", "Click rate of the user at this location, drawn to what location and user lead one to expect",
            s => UserAtLocation(s));
        group.Rate("user_location_ctr_recent",
            "Click rate of the user over about the last ten impressions at this location, drawn to the one before", s => s.Place < 0
            ? UserAtLocation(s)
            : Smooth.Rate(s.Counters.PlaceRecentClicks[s.Place], s.Counters.PlaceRecentImpressions[s.Place], UserAtLocation(s), 2));
        group.Number("user_location_share", "rate", DriftBins.Share, "Share of the user's impressions that were at this location",
            s => Share(s.Place < 0 ? 0 : s.Counters.PlaceImpressions[s.Place], s));
        group.Number("user_device_share", "rate", DriftBins.Share, "Share of the user's impressions that were on this device",
            s => Share(s.Request.Device < 6 ? s.Counters.DeviceImpressions[s.Request.Device] : 0, s));
        group.Rate("user_daypart_ctr", "Click rate of the user in this quarter of the day, drawn to the user's own rate",
            s => AtDayPart(s));
        group.Number("user_location_unchanged", "flag", DriftBins.Code,
            "1 when the user's latest event was at the same location; NaN without events", s => s.Counters.ClockMs == 0
            ? float.NaN : s.Counters.LastLocation == s.Request.Location ? 1 : 0);
    }

    private static float Hour(FeatureScope s) => s.Now % DecayFactors.DayMs * (1f / DecayFactors.HourMs);

    // 1 January 1970 was a Thursday.
    private static int Day(FeatureScope s) => (int)((s.Now / DecayFactors.DayMs + 4) % 7);

    private static float Share(float part, FeatureScope s) =>
        s.Counters.Impressions.All > 0 ? part / s.Counters.Impressions.All : float.NaN;

    internal static float UserAtLocation(FeatureScope s)
    {
        var expected = s.UserHereExpected;
        return s.Place < 0 ? expected : Smooth.Rate(s.Counters.PlaceClicks[s.Place], s.Counters.PlaceImpressions[s.Place], expected, 3);
    }

    private static float AtDayPart(FeatureScope s)
    {
        var part = UserState.DayPart(s.Now);
        return Smooth.Rate(s.Counters.DayPartClicks[part], s.Counters.DayPartImpressions[part], s.UserRate, FeatureScope.UserStrength);
    }
}
