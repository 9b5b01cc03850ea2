using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Explaining;

/// <summary>A source that adds the first items of a ranking, and can say where any other stands in it.</summary>
internal interface IRankedSource : IStage
{
    /// <summary>Where an item stands for a request that went through the stages. For explanations: takes its time.</summary>
    SourceStanding StandingOf(RecommendationContext context, int item);
}
