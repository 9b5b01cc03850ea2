namespace RecSys.Core.Evaluation;

/// <summary>Ranks of the held-out items of one model, one per evaluated user, and how often each item was recommended.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Users">Ordinals of the evaluated users.</param>
/// <param name="Ranks">Rank of each user's held-out item, from 1; positive infinity where the model never recommends it.</param>
/// <param name="TimesRecommended">Indexed by item ordinal: lists of the first few items that hold it.</param>
public sealed record FullRankingResult(string Model, int[] Users, double[] Ranks, long[] TimesRecommended)
{
    /// <summary>What the model knew when it ranked.</summary>
    public required Knowledge Knows { get; init; }

    public double HitRate(int k) => Mean(rank => RankingMetrics.HitRate(rank, k));

    public double Ndcg(int k) => Mean(rank => RankingMetrics.Ndcg(rank, k));

    public double Mrr => Mean(RankingMetrics.ReciprocalRank);

    /// <summary>The row of the report; metrics of predictions on impressions are null.</summary>
    public EvaluationRow ToRow() => new()
    {
        Model = Model,
        Knows = Knows,
        HitRateAt10 = HitRate(10),
        HitRateAt50 = HitRate(50),
        NdcgAt10 = Ndcg(10),
        Mrr = Mrr,
        RecallAt500 = HitRate(500),
        Coverage = CatalogueMetrics.Coverage(TimesRecommended),
    };

    private double Mean(Func<double, double> metric) => Ranks.Length == 0 ? double.NaN : Ranks.Average(metric);
}
