using System.Buffers;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Item-kNN: the neighbours of the user's latest items, as the model learnt them. Does nothing where the model has none. Stands before the
/// search, which fills the places that are left (<see cref="CandidateUnion"/>).
/// </summary>
internal sealed class NeighbourSourceStage : IRankedSource
{
    public string Name => "neighbours";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Proposes(PolicySources.Neighbours);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var places = CandidateUnion.Places(context.Policy.Candidates, context.Model.NeighbourShare);
        var history = context.User.State.RecentItems;
        if (places == 0 || history.IsEmpty) return ValueTask.CompletedTask;
        var ranked = ArrayPool<int>.Shared.Rent(NeighbourVotes.Most);
        try
        {
            var union = new UnionOfRequest(context);
            var found = NeighbourVotes.Rank(context.Model, history, ranked);
            CandidateUnion.AddNeighbours(ref union, ranked.AsSpan(0, found), places);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ranked);
        }
        return ValueTask.CompletedTask;
    }

    public SourceStanding StandingOf(RecommendationContext context, int item)
    {
        var places = CandidateUnion.Places(context.Policy.Candidates, context.Model.NeighbourShare);
        var name = CandidateSourceNames.Of(CandidateSources.Neighbours);
        if (places == 0) return new SourceStanding(name, null, 0);
        var ranked = new int[NeighbourVotes.Most];
        var (found, union) = (NeighbourVotes.Rank(context.Model, context.User.State.RecentItems, ranked), new UnionOfRequest(context));
        var rank = 0;
        foreach (var other in ranked.AsSpan(0, found))
        {
            var passes = union.MayGet(other);
            if (other == item) return new SourceStanding(name, passes ? rank : null, places);
            if (passes) rank++;
        }
        return new SourceStanding(name, null, places);
    }
}
