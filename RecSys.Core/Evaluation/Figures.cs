namespace RecSys.Core.Evaluation;

/// <summary>Names of the figures of a report, as they stand in tables and in JSON.</summary>
public static class Figures
{
    public const string HitRateAt10 = "hr@10";
    public const string HitRateAt50 = "hr@50";
    public const string NdcgAt10 = "ndcg@10";
    public const string Mrr = "mrr";
    public const string RecallAt500 = "recall@500";
    public const string Coverage = "coverage";
    public const string Auc = "auc";
    public const string Gauc = "gauc";
    public const string LogLoss = "log_loss";
    public const string Ece = "ece";
    public const string ListAuc = "list_auc";
    public const string ListNdcg = "list_ndcg@10";
    public const string ListMrr = "list_mrr";

    /// <summary>True where less is better.</summary>
    public static bool IsLoss(string figure) => figure is LogLoss or Ece;
}
