namespace RecSys.Core.Retrieval.Neighbours;

/// <summary>
/// Which candidates a request gets: the same rule for training rows, evaluation and serving. The best neighbours of the user's items take
/// up to their share of the places, the towers' nearest items all others; what both propose takes one place. So there are as many
/// candidates as are wanted wherever the towers find enough, and without neighbours they are the towers' alone.
/// </summary>
public static class CandidateUnion
{
    /// <summary>Rank of what the search did not find: behind everything that it found.</summary>
    public const int BeyondTheSearch = 10_000;

    /// <summary>Places that neighbours may take.</summary>
    /// <param name="candidates">Candidates wanted.</param>
    /// <param name="share">See <see cref="INeighbourModel.NeighbourShare"/>.</param>
    public static int Places(int candidates, double share) => (int)(candidates * share);

    /// <summary>Adds the neighbours; first.</summary>
    /// <param name="list">The candidates.</param>
    /// <param name="ranked">From <see cref="NeighbourVotes.Rank"/>.</param>
    /// <param name="places">From <see cref="Places"/>.</param>
    /// <returns>How many were added.</returns>
    public static int AddNeighbours<TList>(ref TList list, ReadOnlySpan<int> ranked, int places)
        where TList : struct, IUnionList, allows ref struct
    {
        var added = 0;
        for (var i = 0; i < ranked.Length && added < places; i++)
        {
            if (!list.MayGet(ranked[i])) continue;
            list.AddNeighbour(ranked[i]);
            added++;
        }
        return added;
    }

    /// <summary>Adds what the search found until all places are taken.</summary>
    /// <param name="list">The candidates.</param>
    /// <param name="found">The nearest items, best first.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="neighbours">What <see cref="AddNeighbours"/> added.</param>
    /// <param name="wanted">Candidates wanted.</param>
    public static void AddFound<TList>(
        ref TList list, ReadOnlySpan<int> found, ReadOnlySpan<float> scores, int neighbours, int wanted)
        where TList : struct, IUnionList, allows ref struct
    {
        var (rank, taken) = (0, neighbours);
        for (var i = 0; i < found.Length && taken < wanted; i++)
        {
            var (item, isNew) = (found[i], list.IsNew(found[i]));
            var added = list.AddFound(item, scores[i], rank);
            if (!isNew) continue;
            rank++;
            if (added) taken++;
        }
    }
}
