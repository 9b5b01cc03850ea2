using RecSys.Core.Models.Reference;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Offers served lists to whoever watches for drift.</summary>
internal static class ListSampling
{
    /// <summary>Copies the first places of a list that came out of all stages, where it is wanted.</summary>
    public static void Offer(RecommendationContext context, IListSampler sampler)
    {
        var candidates = context.Candidates.Items;
        if (context.FallbackLevel != 0 || candidates.IsEmpty || candidates[0].MatrixRow < 0 || !sampler.TryBegin(out var sample)) return;
        sample.Begin(context.Assignment.ModelVersion, context.HasUserEmbedding ? context.UserEmbedding : []);
        var matrix = context.Matrix;
        var width = context.FeatureCount;
        for (var i = 0; i < candidates.Length && sample.Rows < ListSample.MostRows; i++)
        {
            ref readonly var candidate = ref candidates[i];
            if (candidate.MatrixRow >= 0)
                sample.Add(candidate.Item, (float)candidate.Probability, matrix.Slice(candidate.MatrixRow * width, width));
        }
        sampler.Take(sample);
    }
}
