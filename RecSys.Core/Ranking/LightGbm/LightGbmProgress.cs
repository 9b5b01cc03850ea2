using System.Globalization;

namespace RecSys.Core.Ranking.LightGbm;

/// <summary>The validation metric after a number of trees.</summary>
/// <param name="Iteration">Trees so far, from 1.</param>
/// <param name="MaxIterations">Trees asked for.</param>
/// <param name="Metric">LightGBM's name of the metric, such as <c>auc</c> or <c>ndcg@10</c>.</param>
/// <param name="Value">Value on the validation rows.</param>
public sealed record LightGbmProgress(int Iteration, int MaxIterations, string Metric, double Value)
{
    /// <summary>LightGBM's own line, such as <c>[100] valid_0's auc: 0.812345</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Iteration}] valid_0's {Metric}: {Value:F6}");
}
