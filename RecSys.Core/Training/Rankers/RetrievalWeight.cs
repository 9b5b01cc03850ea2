using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Rankers;

/// <summary>
/// Chooses how much retrieval counts beside the ranker (<see cref="ListScore"/>): the weight with the best NDCG@10 on choices that neither
/// was fitted on, each as much as it counts (<see cref="ChoiceWeights"/>).
/// </summary>
internal static class RetrievalWeight
{
    /// <summary>More lists than this tell no more.</summary>
    public const int MaxLists = 3000;

    // Log-odds per unit of cosine. The towers' own softmax has 1 / temperature, 17.
    private static readonly double[] weights = [0, 1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64];

    /// <param name="log">Events in time order; all of them are folded.</param>
    /// <param name="choices">Indexes of the choices to judge by, ascending.</param>
    /// <param name="returnShare">As <see cref="TrainingOptions.ReturnShare"/>; 0: choices count alike.</param>
    /// <param name="model">Towers and ranker; its own weight is not looked at.</param>
    /// <param name="extractor">The feature code that serving uses.</param>
    /// <param name="candidates">Candidates per list.</param>
    /// <param name="progress">Told how far the replay is.</param>
    /// <param name="cancellationToken">Stops between lists.</param>
    /// <param name="past">What came before the log; null: nothing did.</param>
    /// <returns>The model with that weight.</returns>
    public static TwoStageModel Weigh(
        InteractionLog log, IReadOnlyList<int> choices, double returnShare, TwoStageModel model, FeatureExtractor extractor, int candidates,
        IProgress<WorkProgress>? progress, CancellationToken cancellationToken, LogPast? past = null)
    {
        var counts = ChoiceWeights.Of(log, choices, returnShare);
        var ranking = new TwoStageRanking(log, model, extractor, candidates, past);
        var gains = new double[weights.Length];
        CandidateWalk.Run(log, choices, withheld: null, (choice, index, state) =>
        {
            ranking.Score(index, state);
            for (var w = 0; w < weights.Length; w++)
                gains[w] += counts[choice] * RankingMetrics.Ndcg(ranking.RankOf(log.Events[index].Item, weights[w]), 10);
        }, "weigh retrieval", progress, cancellationToken, past);
        // The smallest of equally good ones: without choices that is the ranker alone.
        var best = weights[Array.IndexOf(gains, gains.Max())];
        return model with { Ranker = model.Ranker with { RetrievalWeight = best } };
    }
}
