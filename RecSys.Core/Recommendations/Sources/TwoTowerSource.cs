using System.Buffers;
using Microsoft.Extensions.Options;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// The nearest items to the user embedding. Asks for as many more as the user has seen, up to four times the candidates wanted,
/// so that the filters leave enough.
/// </summary>
internal sealed class TwoTowerSource(IOptions<RecommendationOptions> options) : IStage
{
    public string Name => "retrieve";
    public StageKind Kind => StageKind.Retrieve;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (!context.HasUserEmbedding) return ValueTask.CompletedTask;
        var wanted = options.Value.Candidates;
        var k = wanted + Math.Min(context.User?.SeenCount ?? 0, 3 * wanted);
        var ids = ArrayPool<long>.Shared.Rent(k);
        var scores = ArrayPool<float>.Shared.Rent(k);
        try
        {
            var found = context.Model.Bundle.Index.Search(context.UserEmbedding, ids.AsSpan(0, k), scores.AsSpan(0, k));
            Add(context, ids.AsSpan(0, found), scores, wanted);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(ids);
            ArrayPool<float>.Shared.Return(scores);
        }
        return ValueTask.CompletedTask;
    }

    // Items that the user consumed are passed over here without taking a place, so that filters still see `wanted` useful ones.
    private static void Add(RecommendationContext context, ReadOnlySpan<long> ids, ReadOnlySpan<float> scores, int wanted)
    {
        var useful = 0;
        var user = context.User;
        lock (user?.Gate ?? context)
        {
            for (var rank = 0; rank < ids.Length && useful < wanted; rank++)
            {
                var item = context.Model.ItemOf((int)ids[rank]);
                if (item < 0) continue;
                context.Candidates.Add(item, CandidateSources.TwoTower, scores[rank], rank);
                if (user is null || (user.ConsumedAt(item) is null && user.ShownAt(item) is null)) useful++;
            }
        }
    }
}
