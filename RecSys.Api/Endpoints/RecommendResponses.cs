using RecSys.Api.Contracts;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Reasons;

namespace RecSys.Api.Endpoints;

/// <summary>Turns a finished request into its reply.</summary>
internal static class RecommendResponses
{
    /// <summary>Why a further page is short: the list has no more.</summary>
    private const string EndOfList = "end_of_list";

    public static RecommendResponse From(RecommendationContext context, RecommendQuery query)
    {
        var candidates = context.Candidates.Items;
        var items = new RecommendedItem[candidates.Length];
        var reasons = query.IncludeReasons ? ItemReasons.Of(context) : null;
        for (var i = 0; i < items.Length; i++)
        {
            var (catalog, item) = (context.Catalog, candidates[i].Item);
            items[i] = new RecommendedItem(catalog.IdOf(item), catalog.TitleOf(item), Finite(candidates[i].Score), context.Offset + i + 1,
                catalog.ThumbnailOf(item),
                reasons is null ? null : Told(catalog, reasons[i]), query.IncludePropensity ? candidates[i].Propensity : null,
                query.IncludeReasons ? SourcesAndSlot(in candidates[i]) : null);
        }
        return new RecommendResponse(
            context.Request.UserId,
            items,
            Math.Round(context.Elapsed.TotalMilliseconds, 3),
            context.Assignment.ModelVersion,
            context.RequestId,
            new ExperimentArm(context.Assignment.Experiment, context.Assignment.Variant),
            context.Degraded.Count == 0 ? [] : [.. context.Degraded],
            ShortfallOf(context),
            context.NextCursor,
            context.NotPersonal is null,
            context.NotPersonal,
            query.IncludeTiming ? Timing(context) : null,
            query.IncludeTrace ? RecommendTraces.Of(context) : null);
    }

    /// <summary>Completes a request once its reply is on its way.</summary>
    public static void CompleteAfter(this Recommender recommender, HttpResponse response, RecommendationContext context) =>
        response.OnCompleted(() =>
        {
            recommender.Complete(context);
            return Task.CompletedTask;
        });

    /// <summary>Names of every source that proposed the candidate.</summary>
    public static string[] SourcesOf(in Candidate candidate) => CandidateSourceNames.NamesOf(candidate.Sources);

    /// <summary>A score as replies tell it: 0 for what is no number.</summary>
    public static double Finite(double score) => double.IsFinite(score) ? Math.Round(score, 6) : 0;

    private static RecommendedReason[] Told(ItemCatalog catalog, IReadOnlyList<ItemReason> reasons) =>
        [.. reasons.Select(each => new RecommendedReason(each.Code, each.Text, each.Item is { } item ? catalog.IdOf(item) : null))];

    private static string[] SourcesAndSlot(in Candidate candidate)
    {
        var names = SourcesOf(in candidate);
        return candidate.Slot == SlotKind.Explored ? [.. names, "explored"] : names;
    }

    private static Shortfall? ShortfallOf(RecommendationContext context)
    {
        var returned = context.Candidates.Count;
        if (returned >= context.Request.NumItems) return null;
        // The catalogue has no more that passes, whatever else was taken out on the way.
        if (context.Narrowing.IsSet && context.Narrowing.Count < context.Request.NumItems)
        {
            return new Shortfall(context.Request.NumItems, returned,
                context.Filter is null ? context.Rules.Filters[0].Rule.Reason : RequestFilter.NotPassing);
        }
        var reason = context.Candidates.Removed.GroupBy(removed => removed.Reason).MaxBy(group => group.Count())?.Key;
        return new Shortfall(context.Request.NumItems, returned, reason ?? (context.Offset > 0 ? EndOfList : "no_candidates"));
    }

    private static StageTime[] Timing(RecommendationContext context) =>
        [.. context.Timings.Select(t => new StageTime(t.Stage, Math.Round(t.Elapsed.TotalMilliseconds, 4), t.CandidatesAfter))];
}
