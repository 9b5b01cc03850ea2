using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Raises the score of young items: by default +9 % on the first day, one percent less every six days, never below zero.</summary>
internal sealed class FreshnessBoost : IStage
{
    public string Name => "freshness";
    public StageKind Kind => StageKind.Score;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates;
        // The same date as the catalogue's, where the features have just been: one that is still in the cache.
        var facts = context.World.Features.Facts;
        for (var i = 0; i < candidates.Count; i++)
        {
            var created = facts[candidates.Items[i].Item].CreatedMs;
            if (created == long.MinValue) continue;
            var boost = BoostOf((context.FeatureTimeMs - created) / 86_400_000.0, context.Policy);
            // Scores may be negative at the fallback level that has only inner products.
            var score = candidates.Items[i].Score;
            if (boost > 0) candidates.SetScore(i, score + Math.Abs(score) * boost);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Boost as a fraction for an age in days; an item from the future counts as new.</summary>
    internal static double BoostOf(double ageDays, Policy policy) =>
        Math.Max(0, policy.FreshnessBoost - Math.Max(0, ageDays) / policy.FreshnessDaysPerPercent / 100);
}
