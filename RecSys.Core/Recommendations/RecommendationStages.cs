using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Scoring;
using RecSys.Core.Recommendations.Sources;
using static RecSys.Core.Domain.RequestPart;
using static RecSys.Core.Pipeline.FailurePolicy;

namespace RecSys.Core.Recommendations;

/// <summary>THE list: what happens to a request, in this order, with what each stage's time counts as, its time budget and what its
/// failure means.</summary>
internal static class RecommendationStages
{
    public static IReadOnlyList<ListedStage> InOrder { get; } =
    [
        // stage 1: who is asking, and which items are near
        Stage<LoadUserStage>(FeatureFetching, 10, FailOpen),
        Stage<MatchRules>(BusinessLogic, 0.5, FailOpen),
        Stage<UserEmbeddingStage>(UserEmbedding, 4, FailOpen, "popular"),
        Stage<NormaliseStage>(UserEmbedding, 0.05, FailOpen, "popular"),
        Stage<PinSource>(CandidateGeneration, 0.1, FailOpen),
        Stage<NarrowStage>(CandidateGeneration, 5, FailOpen),
        Stage<SeedSource>(CandidateGeneration, 2, FailOpen),
        Stage<NeighbourSourceStage>(CandidateGeneration, 1, FailOpen),
        Stage<TwoTowerSource>(CandidateGeneration, 5, FailOpen, "popular"),
        Stage<CoVisitationSource>(CandidateGeneration, 2, FailOpen),
        Stage<TrendingSource>(CandidateGeneration, 1, FailOpen),
        Stage<NewItemsSource>(CandidateGeneration, 1, FailOpen),
        Stage<PopularSource>(CandidateGeneration, 1, FailRequest),

        // what may not be shown, and what stands in for it
        Stage<AvailabilityFilter>(BusinessLogic, 0.2, FailRequest),
        Stage<RequestFilter>(BusinessLogic, 0.3, FailRequest),
        Stage<RuleFilter>(BusinessLogic, 0.3, FailRequest),
        Stage<SeenFilter>(BusinessLogic, 0.3, FailOpen),
        Stage<DuplicateFilter>(BusinessLogic, 0.3, FailOpen),
        Stage<RefillSource>(CandidateGeneration, 3, FailOpen),

        // stage 2: how likely each is clicked; without it the order of retrieval stands
        Stage<FeatureStage>(Matrix, 2, FailOpen, RecommendationContext.ByRetrievalScore),
        Stage<RankStage>(Prediction, 1, FailOpen, RecommendationContext.ByRetrievalScore),
        Stage<PopularityPrior>(Prediction, 0.2, FailOpen),

        // stage 3: business rules
        Stage<FreshnessBoost>(BusinessLogic, 0.2, FailOpen),
        Stage<RequestBoost>(BusinessLogic, 0.3, FailOpen),
        Stage<RuleBoost>(BusinessLogic, 0.3, FailOpen),
        Stage<SafetyRule>(BusinessLogic, 0.2, FailRequest),
        Stage<DiversityRule>(BusinessLogic, 0.3, FailOpen),
        Stage<ArrangeRule>(BusinessLogic, 0.5, FailOpen),
        Stage<OrderStage>(BusinessLogic, 0.2, FailRequest),
        Stage<PinStage>(BusinessLogic, 0.1, FailOpen),
        Stage<ExplorationStage>(BusinessLogic, 0.2, FailOpen),
        Stage<SelectStage>(BusinessLogic, 0.1, FailRequest),
    ];

    /// <summary>Registers everything that the list names, each by what stands beside it.</summary>
    public static IServiceCollection AddStages(this IServiceCollection services, IConfiguration configuration) => services
        .AddUserEmbedding()
        .AddRequestSources()
        .AddNeighbours()
        .AddTwoTower()
        .AddCoVisitation(configuration)
        .AddTrending(configuration)
        .AddNewItems(configuration)
        .AddPopular(configuration)
        .AddRefill()
        .AddFilters(configuration)
        .AddScoring()
        .AddRules(configuration);

    /// <summary>Finds each stage of a list among the registered ones.</summary>
    /// <exception cref="RecSysException">A listed stage is not registered or registered twice, or a registered one is not listed or listed
    /// twice.</exception>
    public static IReadOnlyList<StageEntry> Find(IReadOnlyList<ListedStage> list, IEnumerable<IStage> registered)
    {
        var byType = registered.ToLookup(stage => stage.GetType());
        foreach (var stages in byType)
        {
            var name = stages.Key.Name;
            var listed = list.Count(entry => entry.Stage == stages.Key);
            if (stages.Count() > 1) throw Bad(name, $"is registered {stages.Count()} times; call its AddX once");
            if (listed != 1)
                throw Bad(name, $"is registered and stands {listed} times in {nameof(RecommendationStages)}; give it one place, with "
                    + "budget and failure policy");
        }
        return
        [
            .. list.Select(entry => new StageEntry(
                byType[entry.Stage].FirstOrDefault()
                    ?? throw Bad(entry.Stage.Name, $"stands in {nameof(RecommendationStages)} and is not registered; add its AddX there"),
                entry.Budget, entry.OnFailure, entry.DegradedAs, entry.Part)),
        ];
    }

    private static RecSysException Bad(string stage, string what) => new($"The stage {stage} {what}.");

    private static ListedStage Stage<T>(RequestPart part, double milliseconds, FailurePolicy onFailure, string? degradedAs = null)
        where T : IStage => new(typeof(T), TimeSpan.FromMilliseconds(milliseconds), onFailure, degradedAs, part);
}
