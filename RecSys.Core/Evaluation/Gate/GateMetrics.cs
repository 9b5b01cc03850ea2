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
}
