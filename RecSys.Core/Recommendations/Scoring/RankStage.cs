using System.Buffers;
using RecSys.Core.Pipeline;
using RecSys.Core.Ranking;

namespace RecSys.Core.Recommendations.Scoring;

/// <summary>
/// Scores every candidate with the LightGBM forest, calibrates that to a probability and lets retrieval count beside it, as much as the
/// bundle says.
/// </summary>
internal sealed class RankStage : IStage
{
    public string Name => "rank";
    public StageKind Kind => StageKind.Score;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates;
        if (context.MatrixRows != candidates.Count)
            throw new InvalidOperationException($"The feature matrix has {context.MatrixRows} rows for {candidates.Count} candidates.");
        // Room for the matrix is made before it is filled; rows are assigned when it is complete.
        if (candidates.Count > 0 && candidates.Items[0].MatrixRow < 0)
            throw new InvalidOperationException("The feature matrix was not completed.");
        var rented = ArrayPool<double>.Shared.Rent(2 * candidates.Count);
        var retrieval = ArrayPool<float>.Shared.Rent(candidates.Count);
        try
        {
            var probabilities = rented.AsSpan(0, candidates.Count);
            var scores = rented.AsSpan(candidates.Count, candidates.Count);
            var bundle = context.Model.Bundle;
            bundle.Forest.Score(context.Matrix, candidates.Count, probabilities);
            for (var i = 0; i < candidates.Count; i++)
            {
                probabilities[i] = bundle.Calibrator.Calibrate(probabilities[i]);
                retrieval[i] = candidates.Items[i].RetrievalScore;
            }
            ListScore.Fill(bundle.Manifest.RetrievalWeight, probabilities, retrieval.AsSpan(0, candidates.Count), scores);
            for (var i = 0; i < candidates.Count; i++) candidates.SetRank(i, probabilities[i], scores[i]);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(retrieval);
            ArrayPool<double>.Shared.Return(rented);
        }
        return ValueTask.CompletedTask;
    }
}
