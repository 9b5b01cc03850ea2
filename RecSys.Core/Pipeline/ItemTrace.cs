using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Pipeline;

/// <summary>Watches one item while a request passes its stages. Filled by the runner; costs a look at every candidate after each
/// stage.</summary>
/// <param name="item">Number of the item.</param>
public sealed class ItemTrace(int item)
{
    private readonly List<ItemStep> steps = [];
    private ItemStanding? standing;
    private bool isOrdered;

    /// <summary>Number of the item.</summary>
    public int Item => item;

    /// <summary>Stages that the item was a candidate before or after; those that only add to other things than candidates are left
    /// out.</summary>
    public IReadOnlyList<ItemStep> Steps => steps;

    /// <summary>The item as it was when it was last among the candidates; null when it never was.</summary>
    public Candidate? Last { get; private set; }

    /// <summary>True while the item is a candidate.</summary>
    public bool IsIn => standing is not null;

    /// <summary>The farthest item that the first search for the nearest ones added; null when it added none.</summary>
    public Candidate? LastRetrieved { get; private set; }

    /// <summary>Notes what a stage did.</summary>
    internal void After(IStage stage, CandidateList candidates)
    {
        if (stage.Kind == StageKind.Enrich)
        {
            Remember(candidates.Items);
            return;
        }
        isOrdered |= stage.Kind == StageKind.Rerank;
        if (stage.Kind == StageKind.Retrieve && LastRetrieved is null) LastRetrieved = Farthest(candidates.Items);
        var (before, at) = (standing, Remember(candidates.Items));
        standing = at < 0 ? null : new ItemStanding(isOrdered ? at : RankOf(candidates.Items, at), candidates.Items[at].Score);
        if (before is null && standing is null) return;
        steps.Add(new ItemStep(stage.Name, stage.Kind, candidates.Count, before, standing, Reason(stage, candidates)));
    }

    private int Remember(ReadOnlySpan<Candidate> candidates)
    {
        for (var at = 0; at < candidates.Length; at++)
        {
            if (candidates[at].Item != item) continue;
            Last = candidates[at];
            return at;
        }
        return -1;
    }

    private string? Reason(IStage stage, CandidateList candidates)
    {
        if (standing is not null || stage.Kind != StageKind.Filter) return null;
        var removed = candidates.Removed;
        for (var at = removed.Count - 1; at >= 0; at--)
        {
            if (removed[at].Item == item) return removed[at].Reason;
        }
        return null;
    }

    // As CandidateList.OrderByScore has it.
    private static int RankOf(ReadOnlySpan<Candidate> candidates, int at)
    {
        var (score, rank) = (candidates[at].Score, 0);
        for (var other = 0; other < candidates.Length; other++)
        {
            var theirs = candidates[other].Score;
            if (double.IsFinite(theirs) != double.IsFinite(score)) rank += double.IsFinite(theirs) ? 1 : 0;
            else if (double.IsFinite(score) && theirs != score) rank += theirs > score ? 1 : 0;
            else rank += other < at ? 1 : 0;
        }
        return rank;
    }

    private static Candidate? Farthest(ReadOnlySpan<Candidate> candidates)
    {
        Candidate? farthest = null;
        foreach (ref readonly var candidate in candidates)
        {
            var found = (candidate.Sources & CandidateSources.TwoTower) != 0
                && candidate.RetrievalRank is >= 0 and < CandidateUnion.BeyondTheSearch;
            if (found && !(farthest?.RetrievalScore <= candidate.RetrievalScore)) farthest = candidate;
        }
        return farthest;
    }
}
