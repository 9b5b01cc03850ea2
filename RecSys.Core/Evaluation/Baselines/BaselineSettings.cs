using System.Globalization;
using System.Text.Json.Serialization;

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
    /// <summary>What is taken where the validation part has nothing to choose by.</summary>
    public static BaselineSettings Unchosen { get; } = new(7 * 24, 10, 2);

    /// <summary>In words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"popular-lately counts the last {(RecentHours < 24 ? $"{RecentHours} h" : $"{RecentHours / 24} d")}; item-knn-gap halves a pair every {PairHalfLife} places, a vote every "
            + $"{HistoryHalfLife}");
}
