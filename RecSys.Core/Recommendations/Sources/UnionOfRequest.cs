using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>The candidates of a request as <see cref="CandidateUnion"/> fills them.</summary>
internal readonly struct UnionOfRequest(RecommendationContext context) : IUnionList
{
    private readonly SeenWindow window = SeenWindow.Of(context);

    public bool MayGet(int item) => window.ReasonAgainst(context.User.Seen.Find(item)) is null && context.Catalog.IsServable(item)
        && context.Wants(item);

    // As in the ranker's training rows; what is not new stays in so that its removal is on record.
    public bool IsNew(int item)
    {
        var met = context.User.Seen.Find(item);
        return met.ConsumedMs is null && met.ShownMs is null;
    }

    public void AddNeighbour(int item) => RankedCandidates.AddOne(context, item, CandidateSources.Neighbours);

    public bool AddFound(int item, float score, int rank)
    {
        // Of items to be ranked the search tells the ranks; what else it finds takes its place among them and is not asked for.
        if (context.Ranks && !context.Candidates.Has(item)) return true;
        return context.Candidates.Add(item, CandidateSources.TwoTower, score, rank) || context.Ranks;
    }
}
