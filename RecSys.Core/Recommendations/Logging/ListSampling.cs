using RecSys.Core.Models.Reference;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>
/// Offers lists to whoever watches for drift, as the reference of a bundle has them: the best of what model and item-kNN proposed, by the
/// ranker and before the rules, whatever was served of it. Rules and other sources would look like drift from the first list on.
/// </summary>
internal static class ListSampling
{
    private const CandidateSources Compared = CandidateSources.TwoTower | CandidateSources.Neighbours;

    /// <summary>Copies the best candidates of a request that went through all stages, where they are wanted.</summary>
    public static void Offer(RecommendationContext context, IListSampler sampler)
    {
        if (context.FallbackLevel != 0 || context.MatrixRows == 0 || !sampler.TryBegin(out var sample)) return;
        sample.Begin(context.Assignment.ModelVersion, context.HasUserEmbedding ? context.UserEmbedding : []);
        Span<int> best = stackalloc int[ListSample.MostRows];
        var candidates = context.Candidates.Considered;
        var matrix = context.Matrix;
        var width = context.FeatureCount;
        foreach (var at in best[..Best(candidates, best)])
        {
            ref readonly var candidate = ref candidates[at];
            sample.Add(candidate.Item, (float)candidate.Probability, matrix.Slice(candidate.MatrixRow * width, width));
        }
        sampler.Take(sample);
    }

    // Indexes by score, best first; insertion, as few of some hundred get in.
    private static int Best(ReadOnlySpan<Candidate> candidates, Span<int> best)
    {
        var count = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var score = candidates[i].RankScore;
            if ((candidates[i].Sources & Compared) == 0 || candidates[i].MatrixRow < 0 || !double.IsFinite(score)) continue;
            if (count == best.Length && score <= candidates[best[^1]].RankScore) continue;
            if (count < best.Length) count++;
            var at = count - 1;
            for (; at > 0 && candidates[best[at - 1]].RankScore < score; at--) best[at] = best[at - 1];
            best[at] = i;
        }
        return count;
    }
}
