namespace RecSys.Core.Retrieval.Neighbours;

/// <summary>A model that knows which items go together, by the numbers that the caller knows them by.</summary>
public interface INeighbourModel
{
    /// <summary>Share of a request's candidates that neighbours may take, 0 to 0.9; 0 where the model has no neighbours.</summary>
    double NeighbourShare { get; }

    /// <summary>Neighbours of an item and how similar they are.</summary>
    /// <param name="item">Number.</param>
    /// <param name="neighbours">Gets numbers; <see cref="ItemTables.ItemTable.MostPerItem"/> long.</param>
    /// <param name="similarities">Gets as many similarities, above 0.</param>
    /// <returns>How many there are.</returns>
    int ReadNeighbours(int item, Span<int> neighbours, Span<float> similarities);
}
