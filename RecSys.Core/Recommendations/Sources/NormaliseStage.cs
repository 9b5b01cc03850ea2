using System.Numerics.Tensors;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Scales the user embedding to length one; an embedding without a direction, or with NaN, is none.</summary>
internal sealed class NormaliseStage : IStage
{
    public string Name => "normalise";
    public StageKind Kind => StageKind.Enrich;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (!context.HasUserEmbedding) return ValueTask.CompletedTask;
        var norm = TensorPrimitives.Norm(context.UserEmbedding);
        if (float.IsFinite(norm) && norm > 1e-12f) TensorPrimitives.Divide(context.UserEmbedding, norm, context.UserEmbedding);
        else context.HasUserEmbedding = false;
        return ValueTask.CompletedTask;
    }
}
