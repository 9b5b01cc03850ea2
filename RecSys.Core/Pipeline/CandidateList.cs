using System.Runtime.CompilerServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Pipeline;

/// <summary>
/// The candidates of one request. Which operations work depends on the kind of the stage that runs: the runner opens the list for
/// a stage, and an operation outside the kind's rights throws. Reused between requests; not thread-safe.
/// </summary>
public sealed class CandidateList
{
    private Candidate[] candidates = new Candidate[1024];
    private Candidate[] scratch = new Candidate[1024];
    private string?[] reasons = new string?[1024];
    private int[] scratchOrder = new int[1024];
    private SortKey[] scratchKeys = new SortKey[1024];
    private readonly CandidateIndex positions = new();
    private readonly List<RemovedCandidate> removed = new(256);
    private string stage = "(none)";
    private StageKind? kind;
    private int considered;
    private bool moved;

    /// <summary>Number of candidates.</summary>
    public int Count { get; private set; }

    /// <summary>Everything that filters took out, in order.</summary>
    public IReadOnlyList<RemovedCandidate> Removed => removed;

    /// <summary>Read access, in the current order.</summary>
    public ReadOnlySpan<Candidate> Items => candidates.AsSpan(0, Count);

    /// <summary>The items and behind them those that a selection cut off.</summary>
    public ReadOnlySpan<Candidate> Considered => candidates.AsSpan(0, Math.Max(Count, considered));

    /// <summary>True when the source has proposed an item.</summary>
    public bool Any(CandidateSources source)
    {
        foreach (ref readonly var candidate in Items)
        {
            if ((candidate.Sources & source) != 0) return true;
        }
        return false;
    }

    /// <summary>
    /// Adds an item, or, when it is there already, adds the source to it; the better retrieval rank stays, with its score. Kind
    /// <c>retrieve</c>.
    /// </summary>
    /// <param name="item">Number in the catalogue.</param>
    /// <param name="source">Who proposes it.</param>
    /// <param name="retrievalScore">Inner product of user and item embedding; NaN when the source has none.</param>
    /// <param name="retrievalRank">Zero-based rank by that score; -1 when the source has none.</param>
    /// <returns>False when the item was there already.</returns>
    public bool Add(int item, CandidateSources source, float retrievalScore = float.NaN, int retrievalRank = -1)
    {
        Require(StageKind.Retrieve);
        var at = positions.GetOrAdd(item, Count);
        if (at != Count)
        {
            ref var known = ref candidates[at];
            known.Sources |= source;
            if (known.RetrievalRank < 0 || (retrievalRank >= 0 && retrievalRank < known.RetrievalRank))
                (known.RetrievalScore, known.RetrievalRank) = (retrievalScore, retrievalRank);
            return false;
        }
        if (Count == candidates.Length) Grow();
        candidates[Count++] = new Candidate(item, source, retrievalScore, retrievalRank);
        return true;
    }

    /// <summary>Adds an item of an earlier run as that left it. Kind <c>retrieve</c>.</summary>
    internal void Restore(int item, CandidateSources sources, double probability, double score)
    {
        if (!Add(item, sources)) return;
        ref var added = ref candidates[Count - 1];
        (added.Probability, added.Score) = (probability, score);
        if ((sources & CandidateSources.Pinned) != 0) added.Slot = SlotKind.Pinned;
    }

    /// <summary>
    /// Notes that candidate i has row i of the feature matrix, so that it keeps its row through later filters and orders. Kind
    /// <c>enrich</c>.
    /// </summary>
    public void AssignMatrixRows()
    {
        Require(StageKind.Enrich);
        for (var i = 0; i < Count; i++) candidates[i].MatrixRow = i;
    }

    /// <summary>Sets a score. Kind <c>score</c>.</summary>
    public void SetScore(int index, double score)
    {
        Require(StageKind.Score);
        candidates.AsSpan(0, Count)[index].Score = score;
    }

    /// <summary>
    /// Sets what the ranker says: the calibrated click probability and the score that the list is ordered by. Kind <c>score</c>.
    /// </summary>
    public void SetRank(int index, double probability, double score)
    {
        Require(StageKind.Score);
        ref var candidate = ref candidates.AsSpan(0, Count)[index];
        (candidate.Probability, candidate.Score, candidate.RankScore) = (probability, score, score);
    }

    /// <summary>Marks a candidate for removal; it goes when the stage ends, so indexes stay valid. Kind <c>filter</c>.</summary>
    public void Remove(int index, string reason)
    {
        Require(StageKind.Filter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        reasons[index] ??= reason;
    }

    /// <summary>
    /// Writes the indexes of all candidates in the order of their scores, best first; the candidates stay where they are.
    /// </summary>
    /// <remarks>Equal scores keep their order; NaN and infinite scores go last.</remarks>
    public void OrderByScore(Span<int> order)
    {
        var keys = scratchKeys.AsSpan(0, Count);
        for (var i = 0; i < Count; i++)
        {
            order[i] = i;
            keys[i] = new SortKey(candidates[i].Score, i);
        }
        keys.Sort(order[..Count]);
    }

    /// <summary>Orders by score as <see cref="OrderByScore"/> says. Kind <c>rerank</c>.</summary>
    public void SortByScore()
    {
        Require(StageKind.Rerank);
        OrderByScore(scratchOrder);
        Permute(scratchOrder.AsSpan(0, Count));
    }

    /// <summary>Puts the candidates into an order. Kind <c>rerank</c>.</summary>
    /// <param name="order">For each place the index of who gets it; every index once.</param>
    internal void Reorder(ReadOnlySpan<int> order)
    {
        Require(StageKind.Rerank);
        ArgumentOutOfRangeException.ThrowIfNotEqual(order.Length, Count, nameof(order));
        Permute(order);
    }

    /// <summary>Exchanges two candidates. Kind <c>rerank</c>.</summary>
    public void Swap(int a, int b)
    {
        Require(StageKind.Rerank);
        moved = true;
        var items = candidates.AsSpan(0, Count);
        (items[a], items[b]) = (items[b], items[a]);
    }

    /// <summary>Says how a candidate came to its place, and with what probability. Kind <c>rerank</c>.</summary>
    public void SetSlot(int index, SlotKind slot, double propensity)
    {
        Require(StageKind.Rerank);
        ref var candidate = ref candidates.AsSpan(0, Count)[index];
        (candidate.Slot, candidate.Propensity) = (slot, propensity);
    }

    /// <summary>Keeps the first <paramref name="count"/> candidates. Kind <c>select</c>.</summary>
    public void Truncate(int count)
    {
        Require(StageKind.Select);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        considered = Math.Max(considered, Count);
        Count = Math.Min(Count, count);
    }

    /// <summary>Empties the list for the next request.</summary>
    internal void Reset()
    {
        (Count, considered) = (0, 0);
        positions.Clear();
        removed.Clear();
        moved = false;
        kind = null;
        stage = "(none)";
    }

    internal void Open(IStage forStage)
    {
        stage = forStage.Name;
        kind = forStage.Kind;
        if (kind is StageKind.Retrieve && moved) Renumber();
    }

    /// <summary>Ends the rights of the stage and carries out its removals.</summary>
    internal void Close()
    {
        if (kind is StageKind.Filter) Compact();
        kind = null;
    }

    // Candidates have moved since the last source ran, and what filters took out may be proposed again.
    private void Renumber()
    {
        moved = false;
        positions.Clear();
        for (var i = 0; i < Count; i++) positions.GetOrAdd(candidates[i].Item, i);
    }

    private void Compact()
    {
        moved = true;
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (reasons[i] is { } reason)
            {
                removed.Add(new RemovedCandidate(candidates[i].Item, stage, reason));
                reasons[i] = null;
            }
            else
            {
                candidates[kept++] = candidates[i];
            }
        }
        Count = kept;
    }

    private void Permute(ReadOnlySpan<int> order)
    {
        moved = true;
        for (var i = 0; i < order.Length; i++) scratch[i] = candidates[order[i]];
        (candidates, scratch) = (scratch, candidates);
    }

    private void Grow()
    {
        var size = candidates.Length * 2;
        Array.Resize(ref candidates, size);
        Array.Resize(ref scratch, size);
        Array.Resize(ref reasons, size);
        Array.Resize(ref scratchOrder, size);
        Array.Resize(ref scratchKeys, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Require(StageKind needed)
    {
        if (kind != needed) Refuse(needed);
    }

    private void Refuse(StageKind needed) => throw new StageRightsException(stage, kind, needed);

    private readonly record struct SortKey(double Score, int Index) : IComparable<SortKey>
    {
        public int CompareTo(SortKey other)
        {
            var mine = double.IsFinite(Score);
            if (mine != double.IsFinite(other.Score)) return mine ? -1 : 1;
            var byScore = mine ? other.Score.CompareTo(Score) : 0;
            return byScore != 0 ? byScore : Index.CompareTo(other.Index);
        }
    }
}
