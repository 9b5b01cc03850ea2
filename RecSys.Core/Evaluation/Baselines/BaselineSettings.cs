using System.Globalization;
using System.Text.Json.Serialization;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>What was chosen for the baselines by NDCG@10 on the validation part.</summary>
/// <param name="RecentHours">What <c>popular-lately</c> counts.</param>
/// <param name="PairHalfLife">Of <c>item-knn-gap</c>, see <see cref="ItemKnnOptions.PairHalfLife"/>.</param>
/// <param name="HistoryHalfLife">Of <c>item-knn-gap</c>, see <see cref="ItemKnnOptions.HistoryHalfLife"/>.</param>
public sealed record BaselineSettings(
    [property: JsonPropertyName("recent_hours")] double RecentHours,
    [property: JsonPropertyName("pair_half_life")] double PairHalfLife,
    [property: JsonPropertyName("history_half_life")] double HistoryHalfLife)
{
    /// <summary>What <c>clicks/length</c> counts; null where no impressions are judged.</summary>
    [JsonPropertyName("click_hours"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ClickHours { get; init; }

    /// <summary>What is taken where the validation part has nothing to choose by.</summary>
    public static BaselineSettings Unchosen { get; } = new(7 * 24, 10, 2);

    /// <summary>In words.</summary>
    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"popular-lately counts the last {Words(RecentHours)}; item-knn-gap halves a pair every {PairHalfLife} places, a vote every "
                + $"{HistoryHalfLife}");
        return ClickHours is { } hours ? $"{text};\nclicks/length counts the last {Words(hours)}" : text;
    }

    private static string Words(double hours) => hours < 24
        ? string.Create(CultureInfo.InvariantCulture, $"{hours} h") : string.Create(CultureInfo.InvariantCulture, $"{hours / 24} d");
}
