namespace RecSys.Core.Retrieval.Neighbours;

/// <summary>The candidates that <see cref="CandidateUnion"/> fills.</summary>
public interface IUnionList
{
    /// <summary>False for what the user may not get anyway: it takes no neighbour's place.</summary>
    bool MayGet(int item);

    /// <summary>False for what the user has met: it has no rank of its own and takes no place.</summary>
    bool IsNew(int item);

    /// <summary>Adds an item that is the neighbour of the user's items.</summary>
    void AddNeighbour(int item);

    /// <summary>Adds an item that the towers' search found, or gives the one that is there its score and rank.</summary>
    /// <returns>False when it was there already.</returns>
    bool AddFound(int item, float score, int rank);
}
