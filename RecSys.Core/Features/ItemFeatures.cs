namespace RecSys.Core.Features;

/// <summary>What is known of the item, whoever asks.</summary>
internal static class ItemFeatures
{
    public static IReadOnlyList<FeatureDefinition> All { get; } = Build();

    private static IReadOnlyList<FeatureDefinition> Build()
    {
        var group = new FeatureGroupBuilder(FeatureGroup.Item);
        Counts(group);
        Rates(group);
        Trends(group);
        Attributes(group);
        return group.Features;
    }

    private static void Counts(FeatureGroupBuilder group)
    {
        group.Count("item_impressions_1h", "Times shown, window 1 hour", s => s.Item.Impressions.Hour);
        group.Count("item_impressions_1d", "Times shown, window 1 day", s => s.Item.Impressions.Day);
        group.Count("item_impressions_7d", "Times shown, window 7 days", s => s.Item.Impressions.Week);
        group.Count("item_impressions_all", "Times ever shown", s => s.Item.Impressions.All);
        group.Count("item_clicks_1d", "Clicks, window 1 day", s => s.Item.Clicks.Day);
        group.Count("item_clicks_all", "All clicks", s => s.Item.Clicks.All);
        group.Count("item_positives_1h", "Positive events, window 1 hour", s => s.Item.Positives.Hour);
        group.Count("item_positives_1d", "Positive events, window 1 day", s => s.Item.Positives.Day);
        group.Count("item_positives_7d", "Positive events, window 7 days", s => s.Item.Positives.Week);
        group.Count("item_positives_30d", "Positive events, window 30 days", s => s.Item.Positives.Month);
        group.Count("item_positives_all", "All positive events", s => s.Item.Positives.All);
    }

    private static void Rates(FeatureGroupBuilder group)
    {
        group.Rate("item_ctr_1d", "Click rate of about the last day, drawn to the item's own overall rate",
            s => Smooth.Rate(s.Item.Clicks.Day, s.Item.Impressions.Day, s.ItemRate, FeatureScope.ItemStrength));
        group.Rate("item_ctr_7d", "Click rate of about the last week, drawn to the item's own overall rate",
            s => Smooth.Rate(s.Item.Clicks.Week, s.Item.Impressions.Week, s.ItemRate, FeatureScope.ItemStrength));
        group.Rate("item_ctr_30d", "Click rate of about the last month, drawn to the overall rate",
            s => Smooth.Rate(s.Item.Clicks.Month, s.Item.Impressions.Month, s.ClickRate, FeatureScope.ItemStrength));
        group.Rate("item_ctr_all", "Click rate, drawn to the creator's rate, which is drawn to the category's", s => s.ItemRate);
        group.Number("item_click_lift", "ratio", DriftBins.Ratio,
            "Clicks over those of an average item shown to the same users at the same locations and positions (COEC), drawn to the lift "
            + "of long views by 8 expected clicks", s => s.ItemLift, version: 2);
        group.Rate("item_positive_rate", "Positive events per impression",
            s => Smooth.Rate(s.Item.Positives.All, s.Item.Impressions.All, s.Overall.Positive, FeatureScope.ItemStrength));
        group.Rate("item_long_view_rate", "Long views per impression",
            s => Smooth.Rate(s.Item.LongViews, s.Item.Impressions.All, s.Overall.LongView, FeatureScope.ItemStrength));
        group.Rate("item_long_view_share", "Long views per play",
            s => Smooth.Rate(s.Item.LongPlays, s.Item.Plays, s.Overall.LongViewShare, FeatureScope.ItemStrength), version: 2);
        group.Number("item_long_view_lift", "ratio", DriftBins.Ratio,
            "Long views over those of an average item of this duration played by the same users, drawn to 1 by 8 expected ones",
            s => s.Item.LongViewLift);
        group.Rate("item_like_share", "Likes and follows per view", s => Smooth.Rate(s.Item.Likes, s.Item.Views, s.Overall.LikeShare, 50));
        group.Rate("item_like_rate", "Likes and follows per impression",
            s => Smooth.Rate(s.Item.Likes, s.Item.Impressions.All, s.Overall.Like, 50));
        group.Rate("item_conversion_rate", "Carts and purchases per impression",
            s => Smooth.Rate(s.Item.Conversions, s.Item.Impressions.All, s.Overall.Conversion, 50));
        group.Rate("item_rejection_rate", "Dislikes and hides per impression",
            s => Smooth.Rate(s.Item.Rejections, s.Item.Impressions.All, s.Overall.Rejection, 50));
        group.Rate("item_category_ctr", "Click rate of the category", s => s.CategoryRate);
        group.Rate("item_category_ctr_7d", "Click rate of the category in about the last week",
            s => s.Category.RateWeek(s.CategoryRate, FeatureScope.GroupStrength));
        group.Rate("item_creator_ctr", "Click rate of the creator, drawn to the category's", s => s.CreatorRate);
        group.Count("item_creator_impressions", "Times an item of the creator was shown", s => s.Facts.Creator == 0
            ? float.NaN : s.Creator.Impressions);
        group.Number("item_watch_seconds_mean", "seconds", DriftBins.Seconds, "Mean seconds watched",
            s => Smooth.Mean(s.Item.WatchSeconds, s.Item.WatchCount));
        group.Number("item_watch_ratio_mean", "ratio", DriftBins.Share, "Mean share of the duration watched, at most 3",
            s => Smooth.Mean(s.Item.WatchRatio, s.Item.WatchRatioCount));
        group.Number("item_rating_mean", "rating", DriftBins.Rating, "Mean rating received",
            s => Smooth.Mean(s.Item.RatingSum, s.Item.RatingCount));
        group.Number("item_revenue_per_impression", "currency", DriftBins.Rate, "Revenue per impression, 0 before the first",
            s => s.Item.Revenue / (s.Item.Impressions.All + 1), 0);
    }

    private static void Trends(FeatureGroupBuilder group)
    {
        group.Number("item_trend_hour", "ratio", DriftBins.Ratio, "Positive events per hour now against the last day; 1 is steady",
            s => (s.Item.Positives.Hour + 0.5f) / (s.Item.Positives.Day / 24 + 0.5f));
        group.Number("item_trend_day", "ratio", DriftBins.Ratio, "Positive events per day now against the last week",
            s => (s.Item.Positives.Day + 1) / (s.Item.Positives.Week / 7 + 1));
        group.Number("item_trend_week", "ratio", DriftBins.Ratio, "Positive events per week now against the last month",
            s => (s.Item.Positives.Week + 2) / (s.Item.Positives.Month * (7f / 30) + 2));
        group.Number("item_category_trend", "ratio", DriftBins.Ratio, "Positive events of the category per day now against the last week",
            s => (s.Category.PositivesDay + 5) / (s.Category.PositivesWeek / 7 + 5));
        group.Number("item_popularity_percentile", "rate", DriftBins.Share,
            "Share of the items with positive events that have fewer than this one",
            s => s.Popularity.Percentile((int)s.Item.Positives.All), 0);
        group.Number("item_hours_since_positive", "hours", DriftBins.Hours, "Time since the latest positive event by anyone",
            s => Smooth.HoursSince(s.Item.LastPositiveMs, s.Now));
        group.Number("item_mean_position", "position", DriftBins.Count, "Mean position at which it was shown",
            s => Smooth.Mean(s.Item.Positions, s.Item.PositionCount));
    }

    private static void Attributes(FeatureGroupBuilder group)
    {
        group.Number("item_age_days", "days", DriftBins.Days, "Time since creation, or since its first event where no date is given",
            s => Age(s));
        group.Number("item_log_price", "ln price", DriftBins.Log, "ln(1 + price)", s => s.Facts.LogPrice);
        group.Number("item_log_duration", "ln seconds", DriftBins.Log, "ln(1 + duration in seconds)", s => s.Facts.LogDuration);
        for (var slot = 0; slot < ItemFacts.Slots; slot++)
        {
            var at = slot;
            group.Number($"item_attribute_{slot}", "value or bucket", DriftBins.Bucket,
                $"Attribute number {slot} in ordinal order of the keys: the number, or a hash bucket from 1 to 199 for text",
                s => s.Facts.Attributes[at]);
        }
        group.Category("item_category", DriftBins.Bucket, "Hash bucket of the category, 1 to 255", s => s.Facts.Category == 0
            ? 0 : 1 + (s.Facts.Category >> 1) % 255);
    }

    private static float Age(FeatureScope s)
    {
        if (s.Facts.CreatedMs != long.MinValue) return Math.Max(0, s.Now - s.Facts.CreatedMs) * (1f / DecayFactors.DayMs);
        return Smooth.HoursSince(s.Item.FirstMs, s.Now) / 24;
    }
}
