using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Scoring;

/// <summary>
/// For users without a positive event, where the list is ordered by the click probability alone: multiplies its odds by (1 + positive
/// events of the item) / (1 + those of the candidate that has most). The ranker learnt what is clicked once it is shown, mostly from users
/// whom it could tell apart; for the others how many turned to an item at all says more. Where retrieval counts in the order
/// (<see cref="Models.BundleManifest.RetrievalWeight"/>), it says so already, and better.
/// </summary>
internal sealed class PopularityPrior : IStage
{
    // Keeps the odds of a certain probability finite.
    private const double Margin = 1e-12;

    public string Name => "popularity_prior";
    public StageKind Kind => StageKind.Score;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (context.NotPersonal is null || context.Model.Bundle.Manifest.RetrievalWeight != 0) return ValueTask.CompletedTask;
        var (candidates, states) = (context.Candidates, context.World.Features.ItemStates);
        var most = 0;
        foreach (ref readonly var candidate in candidates.Items) most = Math.Max(most, states.PositivesOf(candidate.Item));
        for (var i = 0; i < candidates.Count; i++)
        {
            ref readonly var candidate = ref candidates.Items[i];
            // Without the ranker the scores are no probabilities.
            if (!double.IsFinite(candidate.RankScore)) continue;
            var score = Math.Clamp(candidate.Score, Margin, 1 - Margin);
            var odds = score / (1 - score) * (1 + states.PositivesOf(candidate.Item)) / (1 + most);
            candidates.SetScore(i, odds / (1 + odds));
        }
        return ValueTask.CompletedTask;
    }
}
