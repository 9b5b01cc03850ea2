namespace RecSys.Core.Training.Protocols;

/// <summary>What <see cref="ColdItemEvaluation"/> found.</summary>
/// <param name="ColdItems">Items whose events were hidden from training.</param>
/// <param name="Choices">Users' first choices of such items, one per user.</param>
/// <param name="Depth">Length of the list.</param>
/// <param name="Recall">Share of the choices that are in the list.</param>
/// <param name="RandomRecall">
/// The same for a random order: the mean over the choices of <paramref name="Depth"/> / (items of the catalogue - items that the user had
/// met), at most 1.
/// </param>
/// <param name="WarmChoices">How many of these users later turned to another new item that was not hidden; that choice was withheld from
/// training, too.</param>
/// <param name="WarmRecall">The recall of those choices, from the same histories; null when there are none.</param>
public sealed record ColdItemReport(int ColdItems, int Choices, int Depth, double Recall, double RandomRecall, int WarmChoices,
    double? WarmRecall)
{
    /// <summary>How many times better than chance.</summary>
    public double Lift => Recall / RandomRecall;
}
