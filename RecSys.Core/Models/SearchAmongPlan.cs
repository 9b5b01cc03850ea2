namespace RecSys.Core.Models;

/// <summary>
/// How to find the nearest of the items that a filter lets pass: by looking at each of them, or at those in the cells of the index that are
/// near the query. Both find what is wanted; what they cost is compared.
/// </summary>
/// <param name="Cells">Cells to look into; 0: every item that passes is looked at.</param>
internal readonly record struct SearchAmongPlan(int Cells)
{
    /// <summary>
    /// The best so many of what passes are to be found as surely as the index finds its own: it was tuned to do so for
    /// <see cref="TunedDepth"/>.
    /// </summary>
    public const int SureDepth = 50, TunedDepth = 500;

    // Nanoseconds, of 128 dimensions on one core: a vector anywhere in memory, a row of a cell that is passed over, and one that is scored.
    private const double Anywhere = 90, PassedOver = 4, Scored = 30;

    // Looking at every item that passes is exact, so it may cost more.
    private const double ExactMayCost = 5;

    /// <summary>Chooses.</summary>
    /// <param name="rows">Rows of the index.</param>
    /// <param name="cells">Its cells; 0: it has none.</param>
    /// <param name="probed">Cells that a search without a filter looks into.</param>
    /// <param name="passing">Items that pass.</param>
    /// <param name="wanted">Items that are wanted.</param>
    public static SearchAmongPlan Choose(long rows, int cells, int probed, int passing, int wanted)
    {
        if (cells == 0 || rows == 0) return new(0);
        var share = Math.Min(1, passing / (double)rows);
        // What is at a depth among those that pass stands deeper in the index by so much; and there must be enough of them on the way.
        var deeper = Math.Max(1, SureDepth / share / TunedDepth);
        var enough = 2.0 * wanted / (share * rows) * cells;
        var looked = (int)Math.Min(cells, Math.Ceiling(Math.Max(probed * deeper, enough)));
        var inCells = rows * (double)looked / cells * (PassedOver + share * Scored);
        return new(passing * Anywhere <= ExactMayCost * inCells ? 0 : looked);
    }
}
