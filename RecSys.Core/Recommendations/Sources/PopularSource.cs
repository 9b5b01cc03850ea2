using Microsoft.Extensions.Options;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Most popular items, of the user's own segment where it has enough events, when the two-tower model knows nothing about the user or its search has failed; the reply says <c>popular</c>.</summary>
internal sealed class PopularSource(PopularItems popular, IOptions<RecommendationOptions> options) : IStage
{
    public string Name => "popular";
    public StageKind Kind => StageKind.Retrieve;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (context.Candidates.Any(CandidateSources.TwoTower)) return ValueTask.CompletedTask;
        context.Degrade("popular");
        var ranked = popular.Current(context.User?.Profile, context.Device, context.Location);
        var wanted = options.Value.Candidates + Math.Min(context.User?.SeenCount ?? 0, 3 * options.Value.Candidates);
        for (var rank = 0; rank < ranked.Length && rank < wanted; rank++)
            context.Candidates.Add(ranked[rank], CandidateSources.Popular);
        return ValueTask.CompletedTask;
    }
}
