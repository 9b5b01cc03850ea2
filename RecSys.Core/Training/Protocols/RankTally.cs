using RecSys.Core.Evaluation;

namespace RecSys.Core.Training.Protocols;

/// <summary>Adds up what ranks of wanted items are worth.</summary>
internal sealed class RankTally
{
    private double hits;
    private double ndcg;
    private double recall;

    public int Count { get; private set; }

    /// <param name="rank">From 1; infinite for an item that is not in the list.</param>
    public void Add(double rank)
    {
        hits += RankingMetrics.HitRate(rank, 10);
        ndcg += RankingMetrics.Ndcg(rank, 10);
        recall += RankingMetrics.HitRate(rank, 500);
        Count++;
    }

    /// <summary>What was added here, beside the NDCG of what choices between the ways are made on.</summary>
    public NewUserRow ToRow(string name, RankTally validation) =>
        new(name, hits / Count, ndcg / Count, recall / Count, validation.ndcg / validation.Count) { Choices = Count };
}
