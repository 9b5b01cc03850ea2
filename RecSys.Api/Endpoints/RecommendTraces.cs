using RecSys.Api.Contracts;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Api.Endpoints;

/// <summary>
/// Reads off a finished request how its list came about. Everything stands in the context anyway: it costs a request that asks for it, and
/// no other.
/// </summary>
internal static class RecommendTraces
{
    private const int MostRemoved = 200;

    public static RecommendTrace Of(RecommendationContext context)
    {
        var removed = context.Candidates.Removed;
        return new RecommendTrace(
            context.World.Position, context.Assignment.PolicyHash, Stages(context), Items(context), removed.Count,
            [.. removed.Take(MostRemoved).Select(each => new TracedRemoval(
                context.Catalog.IdOf(each.Item), context.Catalog.TitleOf(each.Item), each.Stage, each.Reason))]);
    }

    private static List<TracedStage> Stages(RecommendationContext context)
    {
        var removed = context.Candidates.Removed.GroupBy(each => each.Stage).ToDictionary(
            stage => stage.Key, stage => stage.GroupBy(each => each.Reason).ToDictionary(reason => reason.Key, reason => reason.Count()));
        var (stages, before) = (new List<TracedStage>(), 0);
        foreach (var stage in context.Timings)
        {
            stages.Add(new TracedStage(
                stage.Stage, RequestParts.Names[(int)stage.Part], Math.Round(stage.Elapsed.TotalMilliseconds, 4), before,
                stage.CandidatesAfter, removed.GetValueOrDefault(stage.Stage)));
            before = stage.CandidatesAfter;
        }
        return stages;
    }

    private static TracedItem[] Items(RecommendationContext context)
    {
        var candidates = context.Candidates.Items;
        var items = new TracedItem[candidates.Length];
        for (var at = 0; at < items.Length; at++)
        {
            ref readonly var candidate = ref candidates[at];
            var item = context.Catalog[candidate.Item];
            items[at] = new TracedItem(
                item.Id, item.Category, item.Creator, RecommendResponses.SourcesOf(in candidate), Finite(candidate.RetrievalScore),
                Explanations.RetrievalRank(candidate.RetrievalRank), Finite(candidate.Probability),
                Finite(candidate.RankScore), Finite(candidate.Score) ?? 0, candidate.Slot.ToString().ToLowerInvariant(),
                candidate.Propensity);
        }
        return items;
    }

    private static double? Finite(double score) => double.IsFinite(score) ? Math.Round(score, 6) : null;
}
