using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Scoring;
using RecSys.Core.Recommendations.Sources;
using static RecSys.Core.Pipeline.FailurePolicy;

namespace RecSys.Core.Recommendations;

/// <summary>THE list: what happens to a request, in this order, with each stage's time budget and what its failure means.</summary>
internal sealed class RecommendationStages(
    LoadUserStage loadUser,
    UserEmbeddingStage userEmbedding,
    NormaliseStage normalise,
    TwoTowerSource twoTower,
    CoVisitationSource coVisitation,
    TrendingSource trending,
    NewItemsSource newItems,
    PopularSource popular,
    AvailabilityFilter availability,
    SeenFilter seen,
    DuplicateFilter duplicates,
    FeatureStage features,
    RankStage rank,
    FreshnessBoost freshness,
    DedupRule dedup,
    SafetyRule safety,
    DiversityRule diversity,
    OrderStage order,
    SelectStage select,
    RememberShownStage rememberShown,
    LogServedListStage logServedList,
    LogServedFeaturesStage logServedFeatures)
{
    public IReadOnlyList<StageEntry> InOrder { get; } =
    [
        // stage 1: who is asking, and which items are near
        new(loadUser, Ms(10), FailOpen),
        new(userEmbedding, Ms(4), FailOpen, "popular"),
        new(normalise, Ms(0.05), FailOpen, "popular"),
        new(twoTower, Ms(5), FailOpen, "popular"),
        new(coVisitation, Ms(2), FailOpen),
        new(trending, Ms(1), FailOpen),
        new(newItems, Ms(1), FailOpen),
        new(popular, Ms(1), FailRequest),

        // what may not be shown
        new(availability, Ms(0.2), FailRequest),
        new(seen, Ms(0.3), FailOpen),
        new(duplicates, Ms(0.3), FailOpen),

        // stage 2: how likely each is clicked; without it the order of retrieval stands
        new(features, Ms(2), FailOpen, "retrieval_score"),
        new(rank, Ms(1), FailOpen, "retrieval_score"),

        // stage 3: business rules
        new(freshness, Ms(0.2), FailOpen),
        new(dedup, Ms(0.2), FailOpen),
        new(safety, Ms(0.2), FailRequest),
        new(diversity, Ms(0.3), FailOpen),
        new(order, Ms(0.2), FailRequest),
        new(select, Ms(0.1), FailRequest),

        // after the response
        new(rememberShown, Ms(5), FailOpen),
        new(logServedList, Ms(500), FailOpen),
        new(logServedFeatures, Ms(1), FailOpen),
    ];

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
