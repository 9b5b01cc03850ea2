using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Hands the served list to the writer that stores lists in batches.</summary>
internal sealed class LogServedListStage(ServedListWriter writer) : IStage
{
    public string Name => "log_served_list";
    public StageKind Kind => StageKind.SideEffect;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates.Items;
        var items = new ServedListItem[candidates.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = new ServedListItem(context.Catalog.IdOf(candidates[i].Item), i, candidates[i].Score, Propensity: 1);
        return writer.WriteAsync(
            new ServedList
            {
                RequestId = context.RequestId,
                UserId = context.Request.UserId,
                Time = context.Time,
                ModelVersion = context.Model.Bundle.Manifest.Version,
                Variant = "control",
                Degraded = [.. context.Degraded],
                LatencyMs = context.Elapsed.TotalMilliseconds,
                Device = context.Request.Device,
                Location = context.Request.Location,
                Items = items,
            },
            cancellationToken);
    }
}
