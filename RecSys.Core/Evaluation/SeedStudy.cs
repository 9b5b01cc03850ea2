using System.Text.Json.Serialization;
using RecSys.Core.Evaluation.Intervals;

namespace RecSys.Core.Evaluation;

/// <summary>What is left of a comparison when the models are fitted again with other seeds.</summary>
/// <param name="Seeds">The seeds.</param>
/// <param name="Models">Figures of each model.</param>
/// <param name="Differences">Between the models, and to the baseline.</param>
public sealed record SeedStudy(
    [property: JsonPropertyName("seeds")] IReadOnlyList<int> Seeds,
    [property: JsonPropertyName("models")] IReadOnlyList<SeedFigure> Models,
    [property: JsonPropertyName("differences")] IReadOnlyList<SeedDifference> Differences)
{
    private static readonly (string Name, Func<double, double> OfRank)[] figures =
    [
        (Figures.HitRateAt10, rank => RankingMetrics.HitRate(rank, 10)),
        (Figures.NdcgAt10, rank => RankingMetrics.Ndcg(rank, 10)),
    ];

    /// <param name="runs">By seed: the results of the same models in the same order, for the same users in the same order.</param>
    /// <param name="baseline">What they are compared with beside each other, for these users.</param>
    internal static SeedStudy Of(IReadOnlyList<(int Seed, FullRankingResult[] Results)> runs, FullRankingResult baseline)
    {
        var models = new List<SeedFigure>();
        var differences = new List<SeedDifference>();
        foreach (var (name, ofRank) in figures)
        {
            var compared = new List<(string Model, double[] ByUser)> { (baseline.Model, [.. baseline.Ranks.Select(ofRank)]) };
            for (var m = 0; m < runs[0].Results.Length; m++)
            {
                var results = runs.Select(run => run.Results[m]).ToArray();
                models.Add(Spread(results[0].Model, name, [.. results.Select(result => result.Ranks.Average(ofRank))]));
                double[] byUser = [.. Enumerable.Range(0, baseline.Ranks.Length)
                    .Select(user => results.Average(result => ofRank(result.Ranks[user])))];
                // Each against the baseline and every model before it.
                foreach (var (against, others) in compared)
                {
                    var gain = new MeanFigure(byUser.Length, byUser.Select((value, user) => (user, value - others[user], 1.0)));
                    var resampled = Resampling.Run([gain], byUser.Length, runs[0].Seed, CancellationToken.None);
                    var difference = gain.Of(Enumerable.Repeat(1.0, byUser.Length).ToArray());
                    differences.Add(new SeedDifference(
                        results[0].Model, against, name, difference, resampled.Of(0) ?? new Interval(double.NaN, double.NaN)));
                }
                compared.Add((results[0].Model, byUser));
            }
        }
        return new SeedStudy([.. runs.Select(run => run.Seed)], models, differences);
    }

    private static SeedFigure Spread(string model, string figure, double[] values)
    {
        var mean = values.Average();
        var deviation = values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        return new SeedFigure(model, figure, mean, deviation);
    }
}
