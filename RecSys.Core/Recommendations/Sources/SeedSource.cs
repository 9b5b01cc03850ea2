using System.Buffers;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Items near those that the request names: the nearest to the mean of their embeddings, up to a fifth of the candidates. The reply says
/// <c>seed_items</c> where the model knows none of them. The named ones themselves are not proposed.
/// </summary>
internal sealed class SeedSource : IStage
{
    private const int Share = 5;

    public string Name => "seed_items";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) =>
        context.Wishes?.Seeds.Count > 0 && context.Proposes(PolicySources.SeedItems);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var (model, seeds) = (context.Model, context.Wishes!.Seeds);
        Span<float> mean = stackalloc float[model.Dimension];
        if (!Mean(model, seeds, mean))
        {
            context.Degrade(Name);
            return ValueTask.CompletedTask;
        }
        var wanted = context.Policy.Candidates / Share;
        var k = wanted + seeds.Count + Math.Min(context.User.Seen.Count, wanted);
        var (items, scores) = (ArrayPool<int>.Shared.Rent(k), ArrayPool<float>.Shared.Rent(k));
        try
        {
            var found = context.Narrowing.IsSet
                ? model.SearchAmong(mean, context.Narrowing.Bits, context.Narrowing.Count, items.AsSpan(0, k), scores.AsSpan(0, k))
                : model.Search(mean, items.AsSpan(0, k), scores.AsSpan(0, k));
            var near = items.AsSpan(0, found);
            // What was taken out is moved together; order stays.
            var kept = 0;
            foreach (var item in near)
            {
                if (!seeds.Contains(item)) near[kept++] = item;
            }
            RankedCandidates.Add(context, near[..kept], CandidateSources.Seeds, wanted);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<float>.Shared.Return(scores);
        }
        return ValueTask.CompletedTask;
    }

    private static bool Mean(Models.ServingModel model, IReadOnlyList<int> seeds, Span<float> mean)
    {
        mean.Clear();
        foreach (var seed in seeds)
        {
            if (model.TryGet(seed, out var embedding)) TensorPrimitives.Add(mean, embedding, mean);
        }
        var length = TensorPrimitives.Norm<float>(mean);
        if (!(length > 0)) return false;
        TensorPrimitives.Divide(mean, length, mean);
        return true;
    }
}
