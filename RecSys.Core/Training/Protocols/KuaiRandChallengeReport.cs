using System.Globalization;
using System.Text;

namespace RecSys.Core.Training.Protocols;

/// <summary>What <see cref="KuaiRandChallengeEvaluation"/> found.</summary>
/// <param name="Impressions">Rows of the test.</param>
/// <param name="Users">Users among them.</param>
/// <param name="TrainingImpressions">Impressions of the log before the test; the published figures have 1,141,112.</param>
/// <param name="Rows">One per model; the last is the truth itself, which no model can beat.</param>
public sealed record KuaiRandChallengeReport(
    int Impressions, int Users, int TrainingImpressions, IReadOnlyList<KuaiRandChallengeRow> Rows)
{
    /// <summary>For people.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"protocol: {KuaiRandChallengeEvaluation.Protocol}, {Impressions:N0} impressions of {Users:N0} users, label long_view, state "
                + $"frozen before them; {TrainingImpressions:N0} impressions to learn from");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"model",-24}{"gauc",10}{"ndcg@5",10}{"primary",10}");
        foreach (var row in Rows)
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Model,-24}{row.Gauc,10:F4}{row.NdcgAt5,10:F4}{row.Primary,10:F4}");
        return text.ToString();
    }
}
