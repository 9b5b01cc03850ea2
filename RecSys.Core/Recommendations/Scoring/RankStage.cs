using System.Buffers;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Scoring;

/// <summary>Scores every candidate with the LightGBM forest and calibrates the score to a click probability.</summary>
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
        if (candidates.Count > 0 && candidates.Items[0].MatrixRow < 0) throw new InvalidOperationException("The feature matrix was not completed.");
        var raw = ArrayPool<double>.Shared.Rent(candidates.Count);
        try
        {
            var bundle = context.Model.Bundle;
            bundle.Forest.Score(context.Matrix, candidates.Count, raw.AsSpan(0, candidates.Count));
            for (var i = 0; i < candidates.Count; i++) candidates.SetProbability(i, bundle.Calibrator.Calibrate(raw[i]));
        }
        finally
        {
            ArrayPool<double>.Shared.Return(raw);
        }
        return ValueTask.CompletedTask;
    }
}
