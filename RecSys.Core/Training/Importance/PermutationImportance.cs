using RecSys.Core.Evaluation;
using RecSys.Core.Ranking;
using RecSys.Core.Ranking.Forest;

namespace RecSys.Core.Training.Importance;

/// <summary>What shuffling a feature costs a forest on rows it has not learnt from (Breiman, 2001).</summary>
internal sealed class PermutationImportance
{
    private readonly Forest forest;
    private readonly RankerDataset rows;
    private readonly bool lists;
    private readonly bool[] labels;
    private readonly double[] raw;

    /// <param name="forest">Scores the rows.</param>
    /// <param name="rows">A column at a time is shuffled in place and put back.</param>
    /// <param name="lists">True: NDCG@10 over the lists of the rows; false: AUC over all rows.</param>
    public PermutationImportance(Forest forest, RankerDataset rows, bool lists)
    {
        (this.forest, this.rows, this.lists) = (forest, rows, lists);
        labels = Array.ConvertAll(rows.Labels, label => label > 0);
        raw = new double[rows.Rows];
        Value = Measure();
    }

    public string Metric => lists ? "ndcg@10" : "auc";

    /// <summary>The metric on the rows as they are; NaN where they do not define it.</summary>
    public double Value { get; }

    /// <summary>How far the metric falls when the column is shuffled; below 0 when it does better so.</summary>
    public double Loss(int column, int seed)
    {
        var before = new float[rows.Rows];
        for (var row = 0; row < before.Length; row++) before[row] = rows.Values[row * rows.Features + column];
        var shuffled = (float[])before.Clone();
        new Random(seed).Shuffle(shuffled);
        Put(column, shuffled);
        var value = Measure();
        Put(column, before);
        return Value - value;
    }

    private void Put(int column, float[] values)
    {
        for (var row = 0; row < values.Length; row++) rows.Values[row * rows.Features + column] = values[row];
    }

    private double Measure()
    {
        forest.Score(rows.Values, rows.Rows, raw);
        return lists ? Ndcg() : PointwiseMetrics.Auc(Array.ConvertAll(raw, score => (float)score), labels, rows.Weights);
    }

    // Mean over the lists that hold anything relevant.
    private double Ndcg()
    {
        var (sum, count, start) = (0.0, 0, 0);
        foreach (var size in rows.GroupSizes ?? [rows.Rows])
        {
            var relevant = labels.AsSpan(start, size);
            var scores = Array.ConvertAll(raw[start..(start + size)], score => (float)score);
            start += size;
            if (!relevant.Contains(true)) continue;
            sum += RankingMetrics.Ndcg(scores, relevant, 10);
            count++;
        }
        return count == 0 ? double.NaN : sum / count;
    }
}
