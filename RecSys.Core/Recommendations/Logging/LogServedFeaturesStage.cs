using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>
/// Logs the features of the served items, as they were computed, for a sample of the requests: the same requests on every replica, by the hash of the
/// request id. A request during which an event was folded is left out and counted, because its features belong to no single state that a replay could reach.
/// </summary>
internal sealed class LogServedFeaturesStage : IStage
{
    // Of its own, so that the sample is independent of anything else that is decided by the hash of the request id.
    private const ulong Seed = 0x5E7F_EA7D;

    private readonly ServedFeatureWriter writer;
    private readonly FeatureCatalogue catalogue;
    private readonly IOptions<RecommendationOptions> options;
    private readonly Counter<long> unsteady;

    public LogServedFeaturesStage(ServedFeatureWriter writer, FeatureCatalogue catalogue, IOptions<RecommendationOptions> options, IMeterFactory meters)
    {
        this.writer = writer;
        this.catalogue = catalogue;
        this.options = options;
        unsteady = meters.Create(PipelineMetrics.SourceName).CreateCounter<long>(
            "recsys_served_features_unsteady", description: "Sampled requests not logged because an event was folded while their features were computed");
    }

    public string Name => "log_served_features";
    public StageKind Kind => StageKind.SideEffect;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates.Items;
        if (!IsSampled(context.RequestId, options.Value.FeatureLogShare) || candidates.IsEmpty || candidates[0].MatrixRow < 0) return ValueTask.CompletedTask;
        if (context.Fold is null)
        {
            unsteady.Add(1);
            return ValueTask.CompletedTask;
        }
        writer.TryWrite(FeaturesOf(context, context.Fold));
        return ValueTask.CompletedTask;
    }

    /// <summary>Decides by the request id alone; 0 takes none, 1 takes all.</summary>
    internal static bool IsSampled(string requestId, double share) => (StableHash.Of(requestId, Seed) >> 11) * (1.0 / (1UL << 53)) < share;

    private ServedFeatures FeaturesOf(RecommendationContext context, FoldMark fold)
    {
        var candidates = context.Candidates.Items;
        var rows = new ServedFeatureRow[candidates.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            rows[i] = new ServedFeatureRow(
                context.Catalog.IdOf(candidate.Item),
                candidate.RetrievalScore,
                candidate.RetrievalRank,
                context.Matrix.Slice(candidate.MatrixRow * context.FeatureCount, context.FeatureCount).ToArray());
        }
        return new ServedFeatures
        {
            RequestId = context.RequestId,
            UserId = context.Request.UserId,
            Time = context.Time,
            FeatureTime = DateTimeOffset.FromUnixTimeMilliseconds(context.FeatureTimeMs),
            ModelVersion = context.Model.Bundle.Manifest.Version,
            CatalogueHash = catalogue.Hash,
            Device = context.Request.Device,
            Location = context.Request.Location,
            Fold = fold,
            Rows = rows,
        };
    }
}
