using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;

namespace RecSys.Core.Recommendations.Explaining;

/// <summary>Finds out where an item was lost that is not in the list.</summary>
internal static class LostItems
{
    /// <summary>Why nobody proposed an item that the user could get.</summary>
    public const string NotRetrieved = "not_retrieved", NotInModel = "not_in_model";

    /// <summary>Why a candidate is not in the list: others stand before it, or it made room.</summary>
    public const string RankedBelow = "ranked_below", CategoryFull = "category_full", GaveWay = "gave_way_to_exploration",
        LimitReached = "limit_reached", GaveWayToPin = "gave_way_to_pin";

    /// <summary>Why no stage is to blame.</summary>
    public const string Fallback = "fallback", OtherList = "other_list_was_served", NotReproduced = "in_the_list_made_again";

    /// <param name="context">The list that was made again.</param>
    /// <param name="trace">What the stages did with the item.</param>
    /// <param name="places">Items of the list that was served.</param>
    public static (ItemFate Fate, string Stage, string Reason) Find(RecommendationContext context, ItemTrace trace, int places)
    {
        if (context.FallbackLevel > 1) return (ItemFate.NeverCandidate, Fallback, OtherList);
        if (trace.Last is null) return NeverCandidate(context, trace.Item);
        if (!trace.IsIn && trace.Steps[^1] is { Removed: { } why } removal) return (ItemFate.Removed, removal.Stage, why);
        if (trace.IsIn) return (ItemFate.NotReproduced, trace.Steps[^1].Stage, NotReproduced);
        var stage = Crossing(trace, places);
        return (ItemFate.Outranked, stage, stage switch
        {
            "diversity" => CategoryFull,
            "explore" => GaveWay,
            "arrange" => LimitReached,
            "pins" => GaveWayToPin,
            _ => RankedBelow,
        });
    }

    // Sources look ahead at what the filters will say, so the filters' reasons are those that count.
    private static (ItemFate, string, string) NeverCandidate(RecommendationContext context, int item)
    {
        if (!context.Catalog.IsServable(item)) return (ItemFate.NeverCandidate, "filter_unavailable", "unavailable");
        if (SeenWindow.Of(context).ReasonAgainst(context.User.Seen.Find(item)) is { } reason)
            return (ItemFate.NeverCandidate, "filter_seen", reason);
        if (context.Filter is { } filter && !filter.Passes(item))
            return (ItemFate.NeverCandidate, "filter_request", RequestFilter.NotPassing);
        foreach (var bound in context.Rules.Filters)
        {
            if (RequestRules.LeavesOut(bound, bound.Filter.Passes(item)))
                return (ItemFate.NeverCandidate, "filter_rules", bound.Rule.Reason);
        }
        return (ItemFate.NeverCandidate, "retrieve", context.Model.TryGet(item, out _) ? NotRetrieved : NotInModel);
    }

    // The last stage that moved the item out of the list's reach.
    private static string Crossing(ItemTrace trace, int places)
    {
        var (stage, wasIn) = ("select", true);
        foreach (var step in trace.Steps)
        {
            if (step.Kind is not (StageKind.Score or StageKind.Rerank) || step.After is not { } after) continue;
            if (after.Rank >= places && wasIn) stage = step.Stage;
            wasIn = after.Rank < places;
        }
        return stage;
    }
}
