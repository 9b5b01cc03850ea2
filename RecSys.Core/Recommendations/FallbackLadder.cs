using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Core.Recommendations;

/// <summary>
/// Answers where the stages could not: with the user's last good list of the scenario, else, where its policy has popular items, with what
/// is popular in the user's segment, else with what was popular when the server started. What is unservable now, was rejected or is not
/// wanted by the request is left out at every level. The reply says the level:
/// <c>last_list</c>, <c>popular</c>, <c>static</c>, or <c>unavailable</c> when there is nothing left to serve. Items to be ranked stay in
/// the order in which they were given, <c>given_order</c>.
/// </summary>
internal sealed class FallbackLadder(LastLists lists, PopularItems popular)
{
    private readonly ListOpening level = new("fallback");

    /// <summary>Puts another list in place of the candidates.</summary>
    public void Answer(RecommendationContext context)
    {
        context.Candidates.Reset();
        context.Candidates.Open(level);
        if (context.Ranks) KeepOrder(context);
        else Recommend(context);
        context.Candidates.Close();
    }

    // Nothing can be said of the items, so they stay as they were given, but for those that may not be shown.
    private static void KeepOrder(RecommendationContext context)
    {
        foreach (var item in context.Wishes!.Given!)
        {
            if (context.Catalog.IsServable(item)) context.Candidates.Add(item, CandidateSources.Given);
        }
        context.Degrade("given_order");
        (context.FallbackLevel, context.NotPersonal) = (4, context.NotPersonal ?? "fallback");
    }

    private void Recommend(RecommendationContext context)
    {
        if (!Serve(context, lists.Find(context.Request.UserId, context.Request.Scenario), CandidateSources.LastList, "last_list", 2))
        {
            context.NotPersonal ??= "fallback";
            var served = context.Uses(PolicySources.Popular)
                && (Serve(context, popular.Current(context.User.Profile, context.Device, context.Location), CandidateSources.Popular,
                        "popular", 3)
                    || Serve(context, popular.AtStart, CandidateSources.Static, "static", 4));
            if (!served)
            {
                context.Degrade("unavailable");
                context.FallbackLevel = 4;
            }
        }
    }

    private static bool Serve(RecommendationContext context, ReadOnlySpan<int> items, CandidateSources source, string name, int level)
    {
        var (catalog, seen, candidates) = (context.Catalog, context.User.Seen, context.Candidates);
        for (var at = 0; at < items.Length && candidates.Count < context.Request.NumItems; at++)
        {
            var item = items[at];
            if ((uint)item < (uint)catalog.Count && catalog.IsServable(item) && !seen.Find(item).Rejected
                && context.Wants(item))
                candidates.Add(item, source);
        }
        if (candidates.Count == 0) return false;
        context.Degrade(name);
        context.FallbackLevel = level;
        return true;
    }
}
