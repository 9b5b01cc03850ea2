using System.Globalization;
using System.Text;

namespace RecSys.Core.Training.Protocols;

/// <summary>What <see cref="NewUserEvaluation"/> found.</summary>
/// <param name="Users">Users of the test whose events were hidden from training.</param>
/// <param name="Choices">Their first choices that were to be found.</param>
/// <param name="Rows">One per way of ordering; the last is what a server lists.</param>
public sealed record NewUserReport(int Users, int Choices, IReadOnlyList<NewUserRow> Rows)
{
    /// <summary>What the candidates of the served lists hold, in whatever order.</summary>
    public ServedUnion? Union { get; init; }

    /// <summary>
    /// Ways of ordering for users of whom only what they passed over is known; empty where the log does not say what was shown.
    /// </summary>
    public IReadOnlyList<NewUserRow> PassedOver { get; init; } = [];

    /// <summary>For people.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        Table($"{Users} users hidden from training, {Choices} first choices, ranked without any history", Rows);
        if (Union is { } union)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"served: {union.Candidates:F0} candidates, which hold {union.Recall:F4} of the choices; "
                    + $"as many of the most popular hold {union.PopularRecall:F4}");
        if (PassedOver.Count > 0)
            Table($"{PassedOver[0].Choices} hidden users, one choice each, ranked by what they had passed over and nothing else",
                PassedOver);
        return text.ToString();

        void Table(string title, IReadOnlyList<NewUserRow> rows)
        {
            text.AppendLine(title);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{"",-28}{"HR@10",10}{"NDCG@10",10}{"recall@500",12}{"NDCG@10 on validation",24}");
            foreach (var row in rows)
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"{row.Name,-28}{row.HitRate,10:F4}{row.Ndcg,10:F4}{row.Recall500,12:F4}{row.ValidationNdcg,24:F4}");
        }
    }
}

/// <summary>The candidates of all sources together, as they reach the ranker and the rules behind it.</summary>
/// <param name="Candidates">Mean number per user.</param>
/// <param name="Recall">Share of the choices of the test that are among them.</param>
/// <param name="PopularRecall">Share that is among as many of the most popular items, of the same user.</param>
public sealed record ServedUnion(double Candidates, double Recall, double PopularRecall);

/// <summary>One way of ordering items for a user without a positive event.</summary>
/// <param name="Name">What it is.</param>
/// <param name="HitRate">Share of the choices among the first ten.</param>
/// <param name="Ndcg">Mean NDCG@10 with the choice as the one relevant item.</param>
/// <param name="Recall500">Share of the choices among the first 500.</param>
/// <param name="ValidationNdcg">NDCG@10 of the users that a choice between the ways is made on.</param>
public sealed record NewUserRow(string Name, double HitRate, double Ndcg, double Recall500, double ValidationNdcg)
{
    /// <summary>How many choices of the test the figures are means of.</summary>
    public int Choices { get; init; }
}
