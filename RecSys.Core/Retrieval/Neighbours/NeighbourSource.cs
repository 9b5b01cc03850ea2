using RecSys.Core.Retrieval.ItemTables;

namespace RecSys.Core.Retrieval.Neighbours;

/// <summary>What a bundle ships of item-kNN: the table that its ranker saw, and how many candidates come from it.</summary>
/// <param name="Table">Neighbours by row, most similar first.</param>
/// <param name="Share">Share of a request's candidates that they may take, above 0 and at most <see cref="MostShare"/>.</param>
public sealed record NeighbourSource(ItemTable Table, double Share)
{
    /// <summary>The towers keep at least a tenth of the candidates.</summary>
    public const double MostShare = 0.9;
}
