using System.Buffers;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Scoring;

/// <summary>Computes the feature matrix [candidates × features] with the same code that made the training rows.</summary>
internal sealed class FeatureStage(FeatureExtractor extractor, FeatureCatalogue catalogue) : IStage
{
    public string Name => "features";
    public StageKind Kind => StageKind.Enrich;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates.Items;
        var inputs = ArrayPool<CandidateInput>.Shared.Rent(candidates.Length);
        try
        {
            for (var i = 0; i < candidates.Length; i++)
                inputs[i] = new CandidateInput(candidates[i].Item, candidates[i].RetrievalScore, candidates[i].RetrievalRank);
            var user = context.User;
            var request = FeatureRequest.Of(
                user.Profile, user.State, context.FeatureTimeMs, context.Device, context.Location, context.Model,
                context.HasUserEmbedding ? context.UserEmbedding : ReadOnlyMemory<float>.Empty);
            var matrix = context.AllocateMatrix(candidates.Length, catalogue.Count);
            extractor.Fill(request, context.World.Features, inputs.AsSpan(0, candidates.Length), matrix);
            context.Candidates.AssignMatrixRows();
            context.FeaturesUnsteady = !context.World.IsStill;
        }
        finally
        {
            ArrayPool<CandidateInput>.Shared.Return(inputs);
        }
        return ValueTask.CompletedTask;
    }
}
