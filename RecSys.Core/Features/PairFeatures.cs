namespace RecSys.Core.Features;

/// <summary>How this user and this item fit.</summary>
internal static class PairFeatures
{
    public static IReadOnlyList<FeatureDefinition> All { get; } = Build();

    private static IReadOnlyList<FeatureDefinition> Build()
    {
        var group = new FeatureGroupBuilder(FeatureGroup.Pair);
        FromModels(group);
        Repetition(group);
        Category(group);
        Creator(group);
        Fit(group);
        return group.Features;
    }

    private static void FromModels(FeatureGroupBuilder group)
    {
        group.FromModel("retrieval_score", "score", DriftBins.Cosine, "Score of the first stage", s => s.Candidate.RetrievalScore);
        group.FromModel("retrieval_rank", "rank", DriftBins.Count, "Rank in the first stage, from 0", s => s.Candidate.RetrievalRank < 0
            ? float.NaN : s.Candidate.RetrievalRank);
        group.FromModel("cosine_user", "cosine", DriftBins.Cosine, "Cosine of the item and the user embedding", s => s.Similarity.User);
        group.FromModel("cosine_last_1", "cosine", DriftBins.Cosine, "Cosine of the item and the last item of the user's sequence",
            s => s.Similarity.Last);
        group.FromModel("cosine_last_5", "cosine", DriftBins.Cosine, "Cosine of the item and the mean of the last 5",
            s => s.Similarity.MeanOfLast5);
        group.FromModel("cosine_last_20", "cosine", DriftBins.Cosine, "Cosine of the item and the mean of the last 20",
            s => s.Similarity.MeanOfLast20);
        group.FromModel("cosine_last_5_highest", "cosine", DriftBins.Cosine, "Highest cosine of the item and one of the last 5",
            s => s.Similarity.HighestOfLast5);
        group.FromModel("follows_last_1", "weight", DriftBins.Share,
            "How strongly the item follows the last item of the user's sequence in the sequences of others", s => s.Succession.Last);
        group.FromModel("follows_last_3", "weight", DriftBins.Share, "Sum of how strongly the item follows each of the last 3",
            s => s.Succession.SumOfLast3);
        group.FromModel("follows_last_20_faded", "weight", DriftBins.Share,
            "Sum of how strongly the item follows each of the last 20, times 0.9 for each place back", s => s.Succession.Faded);
        group.FromModel("follows_last_20_highest", "weight", DriftBins.Share,
            "How strongly the item follows the one of the last 20 that it follows most", s => s.Succession.Highest);
        group.FromModel("neighbour_last_1", "similarity", DriftBins.Share,
            "How similar the item is to the last one by who took both; unknown where the model has no "
                + "neighbours", s => s.Neighbourhood.Last);
        group.FromModel("neighbour_votes", "similarity", DriftBins.Share,
            "What item-kNN gives the item: its similarities to the last 20, halved every two places back", s => s.Neighbourhood.Faded);
    }

    private static void Repetition(FeatureGroupBuilder group)
    {
        group.Count("seen_impressions", "Times the item was shown to the user, as far as remembered (the last 12 items)",
            s => s.Seen.Impressions, version: 2);
        group.Count("seen_positives", "Positive events of the user with the item, as far as remembered", s => s.Seen.Positives, version: 2);
        group.Number("seen_hours_since_shown", "hours", DriftBins.Hours, "Time since the item was last shown to the user",
            s => HoursSince(s.Seen.ShownSeconds, s), version: 2);
        group.Number("seen_hours_since_positive", "hours", DriftBins.Hours, "Time since the user's last positive event with the item",
            s => HoursSince(s.Seen.PositiveSeconds, s), version: 2);
    }

    private static void Category(FeatureGroupBuilder group)
    {
        group.Count("user_category_impressions", "Items of this category shown to the user, window 30 days",
            s => s.UserCategory.Impressions);
        group.Count("user_category_positives", "Positive events of the user in this category, window 30 days",
            s => s.UserCategory.Positives);
        group.Rate("user_category_ctr", "Click rate of the user in this category, drawn to what user and category lead one to expect",
            s => Smooth.Rate(s.UserCategory.Clicks, s.UserCategory.Impressions, Expected(s, s.CategoryRate), 3));
        group.Number("user_category_share", "rate", DriftBins.Share,
            "Share of the user's positive events of the last month that fell on this category", s => s.UserPositives.Month > 0
            ? Math.Min(1, s.UserCategory.Positives / s.UserPositives.Month) : float.NaN);
        group.Number("user_category_hours_since", "hours", DriftBins.Hours,
            "Time since the user's last positive event in this category, to the minute; what is longer than 45 days before the "
            + "category's latest event counts as 45", s => HoursSince(s.UserCategory.PositiveSeconds, s), version: 2);
        group.Rate("category_location_ctr", "Click rate of this category at this location",
            s => s.Global.CategoryAtLocation(s.Facts.Category, s.Request.Location).Rate(
            s.LocationRate * s.CategoryRate / s.ClickRate, FeatureScope.GroupStrength));
    }

    private static void Creator(FeatureGroupBuilder group)
    {
        group.Count("user_creator_impressions", "Items of this creator shown to the user, window 30 days", s => s.UserCreator.Impressions);
        group.Count("user_creator_positives", "Positive events of the user with this creator, window 30 days",
            s => s.UserCreator.Positives);
        group.Rate("user_creator_ctr", "Click rate of the user with this creator, drawn to what user and creator lead one to expect",
            s => Smooth.Rate(s.UserCreator.Clicks, s.UserCreator.Impressions, Expected(s, s.CreatorRate), 3));
    }

    private static void Fit(FeatureGroupBuilder group)
    {
        group.Number("price_difference", "ln price", DriftBins.Signed, "ln price of the item less the user's mean",
            s => s.Facts.LogPrice - s.Counters.LogPrice.MeanOrNaN);
        group.Number("duration_difference", "ln seconds", DriftBins.Signed, "ln duration of the item less the user's mean",
            s => s.Facts.LogDuration - s.Counters.LogDuration.MeanOrNaN);
        group.Rate("duration_location_ctr", "Click rate of items of about this duration at this location",
            s => GlobalState.DurationBucket(s.Facts.LogDuration) is >= 0 and var bucket
            ? s.Global.DurationAtLocation(bucket, s.Request.Location).Rate(s.LocationRate, FeatureScope.GroupStrength) : float.NaN);
        group.Rate("item_location_ctr", "Click rate of the item at this location, drawn to what location and item lead one to expect",
            s => ItemHere(s));
        group.Rate("user_duration_ctr",
            "Click rate of the user on items of this length (below 15, 40, 100 seconds, longer), drawn to what location and user lead "
            + "one to expect", s => UserAtLength(s));
        group.Number("expected_log_odds", "log odds", DriftBins.Signed,
            "Log odds of a click if location, user lift and item lift acted independently", s => s.LocationLogOdds + s.LogUserLift
            + s.LogItemLift, version: 2);
        group.Number("expected_log_odds_here", "log odds", DriftBins.Signed,
            "The same from the user's own rate at this location instead of the two apart", s => s.UserHereLogOdds + s.LogItemLift,
            version: 2);
    }

    private static float HoursSince(uint seconds, FeatureScope s) =>
        seconds == 0 ? float.NaN : s.NowSeconds <= seconds ? 0 : (s.NowSeconds - seconds) * (1f / 3600);

    private static float ItemHere(FeatureScope s)
    {
        var expected = Smooth.Lifted(s.LocationRate, s.ItemLift);
        var place = s.Item.FindPlace(s.Request.Location);
        return place < 0 ? expected : Smooth.Rate(s.Item.PlaceClicks[place], s.Item.PlaceImpressions[place], expected, 10);
    }

    private static float UserAtLength(FeatureScope s)
    {
        var length = UserState.LengthOf(s.Facts.DurationSeconds);
        var expected = s.UserHereExpected;
        return length < 0 ? expected : Smooth.Rate(s.Counters.LengthClicks[length], s.Counters.LengthImpressions[length], expected, 4);
    }

    private static float Expected(FeatureScope s, float groupRate) => Math.Min(0.99f, groupRate * s.UserRate / s.ClickRate);
}
