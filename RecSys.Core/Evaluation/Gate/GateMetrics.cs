namespace RecSys.Core.Evaluation.Gate;

/// <summary>Names of the figures that the gate asks for.</summary>
public static class GateMetrics
{
    public const string Auc = "auc";
    public const string Ndcg = "ndcg@10";
    public const string LogLoss = "log_loss";
    public const string Recall = "recall@500";

    /// <summary>Time to score one request's candidates, the 99th percentile in milliseconds.</summary>
    public const string Latency = "latency_p99_ms";

    /// <summary>
    /// The figure that a model is chosen by: AUC, or the NDCG of lists where there are no impressions; null where neither was measured.
    /// </summary>
    /// <param name="figures">What was measured.</param>
    /// <param name="nameOf">Name of a figure.</param>
    internal static T? MainOf<T>(IReadOnlyList<T> figures, Func<T, string> nameOf)
        where T : class =>
        figures.FirstOrDefault(figure => nameOf(figure) == Auc) ?? figures.FirstOrDefault(figure => nameOf(figure) == Ndcg);
}
