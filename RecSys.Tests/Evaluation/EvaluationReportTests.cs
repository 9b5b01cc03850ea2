using RecSys.Core.Domain;
using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class EvaluationReportTests
{
    private static readonly EvaluationReport Report = new("leave-one-out",
    [
        new EvaluationRow { Model = "popular", Knows = Knowledge.User, HitRateAt10 = 0.03, HitRateAt50 = 0.125, NdcgAt10 = 0.015, Mrr = 0.02, RecallAt500 = 0.5,
            Coverage = 0.25 },
        new EvaluationRow { Model = "two-stage", Auc = 0.75, Gauc = 0.5, LogLoss = double.NaN, Ece = 0.01 },
    ]);

    [Fact]
    public void ToJson_TwoRows_IsExactlyTheFormat()
    {
        Assert.Equal(
            """{"protocol":"leave-one-out","rows":[{"model":"popular","knows":"user","hr@10":0.03,"hr@50":0.125,"ndcg@10":0.015,"mrr":0.02,"recall@500":0.5,"coverage":0.25,"auc":null,"gauc":null,"log_loss":null,"ece":null},{"model":"two-stage","knows":"cut","hr@10":null,"hr@50":null,"ndcg@10":null,"mrr":null,"recall@500":null,"coverage":null,"auc":0.75,"gauc":0.5,"log_loss":null,"ece":0.01}]}""",
            Report.ToJson());
    }

    [Fact]
    public void FromJson_WhatToJsonWrote_IsTheSame()
    {
        var read = EvaluationReport.FromJson(Report.ToJson());

        Assert.Equal(Report.Rows[0], read.Rows[0]);
        Assert.Equal(Report.ToJson(), read.ToJson());
        Assert.Throws<RecSysException>(() => EvaluationReport.FromJson("{"));
    }

    [Fact]
    public void ToJson_Details_AreThereAndReadBack()
    {
        var report = Report with
        {
            Groups = [new GroupContribution("all", 3, null, 0.75), new GroupContribution("models", 1, 0.74, double.NaN)],
            Importance = [new FeatureImportance("hour", 0.5, 0.01)],
            Reliability = [new ReliabilityBin(7, 0.25, 0.5)],
        };

        var json = report.ToJson();

        Assert.Contains(""" "groups":[{"group":"all","features":3,"auc_without":null,"auc_alone":0.75},{"group":"models","features":1,"auc_without":0.74,"auc_alone":null}],""".Trim(), json, StringComparison.Ordinal);
        Assert.Equal(json, EvaluationReport.FromJson(json).ToJson());
        Assert.Contains("models                1       0.7400          -", report.ToTable(), StringComparison.Ordinal);
        Assert.Contains("0.2500    0.5000", report.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToTable_TwoRows_AlignsAndMarksMissing()
    {
        var lines = Report.ToTable().TrimEnd('\n').Split('\n');

        Assert.Equal("protocol: leave-one-out", lines[0]);
        Assert.Equal("model      knows   hr@10   hr@50  ndcg@10     mrr  recall@500  coverage     auc    gauc  log_loss     ece", lines[1]);
        Assert.Equal("popular    user   0.0300  0.1250   0.0150  0.0200      0.5000    0.2500       -       -         -       -", lines[2]);
        Assert.Equal("two-stage  cut         -       -        -       -           -         -  0.7500  0.5000         -  0.0100", lines[3]);
    }
}
