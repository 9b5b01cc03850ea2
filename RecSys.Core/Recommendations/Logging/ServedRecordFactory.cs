using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Copies the few fields that are kept of an answered request.</summary>
internal static class ServedRecordFactory
{
    // Of its own, so that the sample is independent of anything else that is decided by the hash of the request id.
    private const ulong Seed = 0x5E7F_EA7D;

    /// <param name="context">A finished request.</param>
    /// <param name="catalogue">Names the features.</param>
    /// <param name="withFeatures">Keeps the features of the items, too, where they were computed.</param>
    public static ServedRecord Of(RecommendationContext context, FeatureCatalogue catalogue, bool withFeatures)
    {
        var candidates = context.Candidates.Items;
        withFeatures &= !candidates.IsEmpty && candidates[0].MatrixRow >= 0;
        var items = new ServedItem[candidates.Length];
        for (var i = 0; i < items.Length; i++) items[i] = ItemOf(context, in candidates[i], withFeatures);
        return new ServedRecord
        {
            RequestId = context.RequestId,
            UserId = context.Request.UserId,
            Time = context.Time,
            Epoch = context.World.Epoch,
            Position = context.World.Position,
            Assignment = context.Assignment,
            Device = context.Request.Device,
            Location = context.Request.Location,
            Degraded = context.Degraded.Count == 0 ? [] : [.. context.Degraded],
            NotPersonal = context.NotPersonal,
            LatencyMs = context.Elapsed.TotalMilliseconds,
            FeatureTime = DateTimeOffset.FromUnixTimeMilliseconds(context.FeatureTimeMs),
            CatalogueHash = withFeatures ? catalogue.Hash : null,
            RulesHash = context.World.Rules.Hash,
            Items = items,
        };
    }

    /// <summary>Decides by the request id alone, the same on every replica; 0 takes none, 1 takes all.</summary>
    public static bool IsSampled(string requestId, double share) => (StableHash.Of(requestId, Seed) >> 11) * (1.0 / (1UL << 53)) < share;

    private static ServedItem ItemOf(RecommendationContext context, in Candidate candidate, bool withFeatures) => new()
    {
        Item = candidate.Item,
        Sources = (int)candidate.Sources,
        RetrievalScore = candidate.RetrievalScore,
        RetrievalRank = candidate.RetrievalRank,
        Scores = double.IsNaN(candidate.Probability) ? [] : [(float)candidate.Probability],
        FinalScore = candidate.Score,
        Slot = candidate.Slot,
        Propensity = candidate.Propensity,
        Pool = candidate.Slot == SlotKind.Explored ? context.PoolOf(candidate.Item) : null,
        RankBeforeRules = RankOf(context, candidate.RankScore),
        Features = withFeatures && candidate.MatrixRow >= 0
            ? context.Matrix.Slice(candidate.MatrixRow * context.FeatureCount, context.FeatureCount).ToArray()
            : null,
    };

    // Counted for the few that were served, rather than by sorting all candidates once more.
    private static int RankOf(RecommendationContext context, double score)
    {
        if (!double.IsFinite(score)) return -1;
        var better = 0;
        foreach (ref readonly var other in context.Candidates.Considered)
        {
            if (other.RankScore > score) better++;
        }
        return better;
    }
}
