using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;

namespace RecSys.Tests.Evaluation;

/// <summary>Fits and ranks under the running test's cancellation.</summary>
internal static class Measure
{
    public static ItemKnnBaseline Knn(InteractionLog log, ItemKnnOptions? options = null) =>
        ItemKnnBaseline.Fit(log, options, TestContext.Current.CancellationToken);

    public static FullRankingResult Rank(IRecommender model, LeaveOneOutSplit split, FullRankingOptions? options = null) =>
        FullRanking.Evaluate(model, split, options, null, TestContext.Current.CancellationToken);
}
