using System.Globalization;
using System.Text;

namespace RecSys.Core.Training.Protocols;

/// <summary>What <see cref="ColdItemEvaluation"/> found.</summary>
/// <param name="ColdItems">Items whose events were hidden from training.</param>
/// <param name="Choices">Users' first choices of such items, one per user.</param>
/// <param name="Depth">Length of the list.</param>
/// <param name="Recall">Share of the choices that are in the list, by the embeddings that training computed.</param>
/// <param name="RandomRecall">
/// The same for a random order: the mean over the choices of <paramref name="Depth"/> / (items of the catalogue - items that the user had
/// met), at most 1.
/// </param>
/// <param name="WarmChoices">How many of these users later turned to another new item that was not hidden; that choice was withheld from
/// training, too.</param>
/// <param name="WarmRecall">The recall of those choices, from the same histories; null when there are none.</param>
/// <param name="Live">The same choices where the hidden items came to a server that knew all others.</param>
public sealed record ColdItemReport(int ColdItems, int Choices, int Depth, double Recall, double RandomRecall, int WarmChoices,
    double? WarmRecall, LiveAdditionReport Live)
{
    /// <summary>For people.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{ColdItems} items hidden from training but for their content");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-28}{"choices",10}{$"recall@{Depth}",12}{"x chance",10}");
        Row("hidden, by chance", Choices, RandomRecall);
        Row("hidden", Choices, Recall);
        Row("hidden, added live", Choices, Live.Recall);
        if (WarmRecall is { } warm) Row("known", WarmChoices, warm);
        if (Live.WarmRecall is { } served) Row("known, beside added ones", WarmChoices, served);
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"added live: {Live.TakenIn} of {ColdItems} taken in; {Live.Differing} of {Choices + WarmChoices} choices "
                + $"found in one way and not in the other; embeddings at most {Live.LargestDistance:E1} apart");
        return text.ToString();

        void Row(string name, int choices, double recall) => text.AppendLine(
            CultureInfo.InvariantCulture, $"{name,-28}{choices,10}{recall,12:F4}{recall / RandomRecall,10:F1}");
    }
}

/// <summary>Hidden items that were put to a server, see <see cref="LiveAddition"/>.</summary>
/// <param name="Recall">Share of the choices of hidden items among the candidates that are served.</param>
/// <param name="WarmRecall">The same of the known items; null when there are no such choices.</param>
/// <param name="TakenIn">Hidden items that have an embedding there; fewer than were hidden where there is no room for more.</param>
/// <param name="Differing">Choices, of both kinds, that are found by the server or by the embeddings of training, and not by both.</param>
/// <param name="LargestDistance">Largest distance between the two embeddings of a hidden item, each of length one.</param>
public sealed record LiveAdditionReport(double Recall, double? WarmRecall, int TakenIn, int Differing, double LargestDistance);
