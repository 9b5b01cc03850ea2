namespace RecSys.Core.Training;

/// <summary>What <see cref="ColdItemEvaluation"/> found.</summary>
/// <param name="ColdItems">Items whose events were hidden from training.</param>
/// <param name="Choices">Users' first choices of such items, one per user.</param>
/// <param name="Depth">Length of the list.</param>
/// <param name="Recall">Share of the choices that are in the list.</param>
/// <param name="RandomRecall">The same for a random order.</param>
public sealed record ColdItemReport(int ColdItems, int Choices, int Depth, double Recall, double RandomRecall)
{
    /// <summary>How many times better than chance.</summary>
    public double Lift => Recall / RandomRecall;
}
