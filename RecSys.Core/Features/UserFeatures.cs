namespace RecSys.Core.Features;

/// <summary>What is known of the user, whatever the candidate.</summary>
internal static class UserFeatures
{
    public static IReadOnlyList<FeatureDefinition> All { get; } = Build();

    private static IReadOnlyList<FeatureDefinition> Build()
    {
        var group = new FeatureGroupBuilder(FeatureGroup.User);
        Activity(group);
        Rates(group);
        Habits(group);
        Session(group);
        Profile(group);
        return group.Features;
    }

    private static void Activity(FeatureGroupBuilder group)
    {
        group.Count("user_impressions_1h", "Items shown to the user, window 1 hour", s => s.UserImpressions.Hour);
        group.Count("user_impressions_1d", "Items shown to the user, window 1 day", s => s.UserImpressions.Day);
        group.Count("user_impressions_7d", "Items shown to the user, window 7 days", s => s.UserImpressions.Week);
        group.Count("user_impressions_all", "Items ever shown to the user", s => s.UserImpressions.All);
        group.Count("user_clicks_1d", "Clicks of the user, window 1 day", s => s.UserClicks.Day);
        group.Count("user_clicks_7d", "Clicks of the user, window 7 days", s => s.UserClicks.Week);
        group.Count("user_clicks_all", "All clicks of the user", s => s.UserClicks.All);
        group.Count("user_positives_7d", "Positive events of the user, window 7 days", s => s.UserPositives.Week);
        group.Count("user_positives_30d", "Positive events of the user, window 30 days", s => s.UserPositives.Month);
        group.Count("user_positives_all", "All positive events of the user", s => s.UserPositives.All);
    }

    private static void Rates(FeatureGroupBuilder group)
    {
        group.Rate("user_ctr_1d", "Click rate of about the last day, drawn to the user's own overall rate",
            s => Smooth.Rate(s.UserClicks.Day, s.UserImpressions.Day, s.UserRate, FeatureScope.UserStrength));
        group.Rate("user_ctr_7d", "Click rate of about the last week, drawn to the user's own overall rate",
            s => Smooth.Rate(s.UserClicks.Week, s.UserImpressions.Week, s.UserRate, FeatureScope.UserStrength));
        group.Rate("user_ctr_all", "Click rate, drawn to the overall rate by 5 impressions", s => s.UserRate);
        group.Rate("user_ctr_recent", "Click rate over about the last ten impressions, each weighing a tenth less than the next",
            s => Smooth.Rate(s.Counters.RecentClicks, s.Counters.RecentImpressions, s.UserRate, 1));
        group.Number("user_click_lift", "ratio", DriftBins.Ratio,
            "Clicks over those of an average user shown the same items at the same locations, drawn to the lift of long views by 6 "
            + "expected clicks", s => s.UserLift, version: 2);
        group.Rate("user_positive_rate", "Positive events per impression",
            s => Smooth.Rate(s.UserPositives.All, s.UserImpressions.All, s.Overall.Positive, FeatureScope.UserStrength));
        group.Rate("user_long_view_rate", "Long views per impression",
            s => Smooth.Rate(s.Counters.LongViews, s.UserImpressions.All, s.Overall.LongView, FeatureScope.UserStrength));
        group.Rate("user_long_view_share", "Long views per play; plays are views and impressions that played by themselves",
            s => Smooth.Rate(s.Counters.LongPlays, s.Counters.Plays, s.Overall.LongViewShare, FeatureScope.UserStrength), version: 2);
        group.Number("user_long_view_lift", "ratio", DriftBins.Ratio,
            "Long views over those of an average user who played the same items, drawn to 1 by 3 expected ones",
            s => s.Counters.LongViewLift);
        group.Rate("user_like_share", "Likes and follows per view",
            s => Smooth.Rate(s.Counters.Likes, s.Counters.Views, s.Overall.LikeShare, 20));
        group.Rate("user_like_rate", "Likes and follows per impression",
            s => Smooth.Rate(s.Counters.Likes, s.UserImpressions.All, s.Overall.Like, 20));
        group.Rate("user_conversion_rate", "Carts and purchases per impression",
            s => Smooth.Rate(s.Counters.Conversions, s.UserImpressions.All, s.Overall.Conversion, 20));
        group.Rate("user_rejection_rate", "Dislikes and hides per impression",
            s => Smooth.Rate(s.Counters.Rejections, s.UserImpressions.All, s.Overall.Rejection, 20));
    }

    private static void Habits(FeatureGroupBuilder group)
    {
        group.Number("user_watch_seconds_mean", "seconds", DriftBins.Seconds, "Mean seconds watched where the log says it",
            s => Smooth.Mean(s.Counters.WatchSeconds, s.Counters.WatchCount));
        group.Number("user_watch_ratio_mean", "ratio", DriftBins.Share, "Mean share of the duration watched, at most 3",
            s => Smooth.Mean(s.Counters.WatchRatio, s.Counters.WatchRatioCount));
        group.Number("user_rating_mean", "rating", DriftBins.Rating, "Mean rating given",
            s => Smooth.Mean(s.Counters.RatingSum, s.Counters.RatingCount));
        group.Number("user_log_price_mean", "ln price", DriftBins.Log, "Mean ln(1 + price) of the items in the user's sequence",
            s => s.Counters.LogPrice.MeanOrNaN);
        group.Number("user_log_duration_mean", "ln seconds", DriftBins.Log, "Mean ln(1 + duration) of the items in the user's sequence",
            s => s.Counters.LogDuration.MeanOrNaN);
        group.Number("user_log_duration_deviation", "ln seconds", DriftBins.Log, "Standard deviation of the same",
            s => s.Counters.LogDuration.Deviation);
        group.Number("user_top_category_share", "rate", DriftBins.Share,
            "Share of the remembered positive events that fell on the favourite category", s => Concentration(in s.User.Categories).Top);
        group.Number("user_category_entropy", "nats", DriftBins.Log,
            "Entropy of the positive events over categories: low for narrow tastes", s => Concentration(in s.User.Categories).Entropy);
        group.Count("user_history_length", "Entries of the user's sequence, at most 50", s => s.User.RecentItems.Length);
    }

    private static void Session(FeatureGroupBuilder group)
    {
        group.Number("user_hours_since_event", "hours", DriftBins.Hours, "Time since the latest event",
            s => Smooth.HoursSince(s.Counters.ClockMs, s.Now));
        group.Number("user_hours_since_positive", "hours", DriftBins.Hours, "Time since the latest positive event",
            s => Smooth.HoursSince(s.Counters.LastPositiveMs, s.Now));
        group.Number("user_hours_since_click", "hours", DriftBins.Hours, "Time since the latest click",
            s => Smooth.HoursSince(s.Counters.LastClickMs, s.Now));
        group.Count("user_impressions_since_click", "Items shown since the last click", s => s.Counters.ImpressionsSinceClick);
        group.Count("user_session_impressions", "Items shown in the running session (30 minutes of silence end one)", s => s.SessionOpen
            ? s.Counters.SessionImpressions : 0);
        group.Count("user_session_clicks", "Clicks in the running session", s => s.SessionOpen ? s.Counters.SessionClicks : 0);
        group.Number("user_session_hours", "hours", DriftBins.Hours, "Length of the running session so far", s => s.SessionOpen
            ? Smooth.HoursSince(s.Counters.SessionStartMs, s.Now) : 0, 0);
        group.Count("user_sessions", "Sessions so far", s => s.Counters.Sessions);
        group.Number("user_tenure_days", "days", DriftBins.Days, "Time since the first event",
            s => Smooth.HoursSince(s.Counters.FirstMs, s.Now) / 24);
    }

    private static void Profile(FeatureGroupBuilder group)
    {
        group.Number("user_account_age_days", "days", DriftBins.Days, "Time since the account was created",
            s => s.Request.Profile?.CreatedAt is { } created
            ? Math.Max(0, s.Now - created.ToUnixTimeMilliseconds()) * (1f / DecayFactors.DayMs) : float.NaN);
        group.Number("user_age", "years", DriftBins.Age, "Age from the profile", s => s.Request.Profile?.Age ?? float.NaN);
        group.Category("user_gender", DriftBins.Code, "1 female, 2 male, 3 other, by the first letter of the profile's text",
            s => Gender(s.Request.Profile?.Gender));
        for (var slot = 0; slot < ProfileCodes.Slots; slot++)
        {
            var at = slot;
            group.Number($"user_attribute_{slot}", "value or bucket", DriftBins.Bucket,
                $"Profile attribute number {slot} in ordinal order of the keys: the number, or a hash bucket from 1 to 199 for text",
                s => s.Profile[at]);
        }
    }

    private static float Gender(string? text) =>
        text is not { Length: > 0 } ? 0 : char.ToLowerInvariant(text[0]) switch { 'f' => 1, 'm' => 2, _ => 3 };

    private static (float Top, float Entropy) Concentration(in AffinityTable table)
    {
        float sum = 0, top = 0, weighted = 0;
        foreach (ref readonly var cell in table.Cells)
        {
            if (cell.Positives <= 0) continue;
            sum += cell.Positives;
            top = Math.Max(top, cell.Positives);
            weighted += cell.Positives * MathF.Log(cell.Positives);
        }
        return sum > 0 ? (top / sum, Math.Max(0, MathF.Log(sum) - weighted / sum)) : (float.NaN, float.NaN);
    }
}
