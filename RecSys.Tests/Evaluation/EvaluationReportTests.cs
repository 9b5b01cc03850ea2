using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;

namespace RecSys.Tests.Evaluation;

public sealed class EvaluationReportTests
{
    private static readonly EvaluationReport Report = new("leave-one-out",
    [
        new EvaluationRow
        {
            Model = "popular", Knows = Knowledge.User, HitRateAt10 = 0.03, HitRateAt50 = 0.125, NdcgAt10 = 0.015, Mrr = 0.02,
            RecallAt500 = 0.5, Coverage = 0.25,
        },
        new EvaluationRow { Model = "two-stage", Auc = 0.75, Gauc = 0.5, LogLoss = double.NaN, Ece = 0.01 },
    ]);

    [Fact]
    public void ToJson_TwoRows_IsExactlyTheFormat()
    {
        const string Expected = """
            {"protocol":"leave-one-out","rows":[{"model":"popular","knows":"user",
            "hr@10":0.03,"hr@50":0.125,"ndcg@10":0.015,"mrr":0.02,"recall@500":0.5,"coverage":0.25,
            "auc":null,"gauc":null,"log_loss":null,"ece":null,"list_auc":null,"list_ndcg@10":null,"list_mrr":null},
            {"model":"two-stage","knows":"cut",
            "hr@10":null,"hr@50":null,"ndcg@10":null,"mrr":null,"recall@500":null,"coverage":null,
            "auc":0.75,"gauc":0.5,"log_loss":null,"ece":0.01,"list_auc":null,"list_ndcg@10":null,"list_mrr":null}]}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), Report.ToJson());
    }

    [Fact]
    public void FromJson_WhatToJsonWrote_IsTheSame()
    {
        var read = EvaluationReport.FromJson(Report.ToJson());

        Assert.Equal(Report.Rows[0], read.Rows[0]);
        Assert.Equal(Report.ToJson(), read.ToJson());
        var failure = Assert.Throws<RecSysException>(() => EvaluationReport.FromJson("{"));
        Assert.Contains("run evaluate again", failure.Message, StringComparison.Ordinal);
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

        const string Groups = """
            "groups":[{"group":"all","features":3,"auc_without":null,"auc_alone":0.75},
            {"group":"models","features":1,"auc_without":0.74,"auc_alone":null}],
            """;
        Assert.Contains(Groups.ReplaceLineEndings(""), json, StringComparison.Ordinal);
        Assert.Equal(json, EvaluationReport.FromJson(json).ToJson());
        Assert.Contains("models                1       0.7400          -", report.ToTable(), StringComparison.Ordinal);
        Assert.Contains("0.2500    0.5000", report.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToTable_TwoKindsOfFigures_StandInTwoTablesWithIntervals()
    {
        var report = Report with
        {
            Rows = [Report.Rows[0].With(Figures.NdcgAt10, 0.015, new Interval(0.012, 0.02)), Report.Rows[1].Above(Figures.Auc,
                new Advantage("popular", 0.0625, new Interval(0.05, 0.075)))],
            Data = new EvaluationData(1_000_000, 1_000_000, 100_000_000, 10_000_000, 10_000_000, 1_000_000) { Impressions = 10_000_000,
                Lists = 1_000_000, MixedLists = 1_000_000, WithRequestId = 5 },
            Times = new TimeQuality(1_000_000, 1_000_000, 1_000_000, "moments lie 1,000 ms apart, one like the other"),
            Baselines = BaselineSettings.Unchosen with { ClickHours = 1 },
        };

        var lines = report.ToTable().TrimEnd('\n').Split('\n');

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
        Assert.Equal("protocol: leave-one-out", lines[0]);
        lines = [lines[0], .. lines.SkipWhile(line => line.Length > 0)];
        Assert.Equal("next item  knows          hr@10   hr@50        ndcg@10     mrr  recall@500  coverage", lines[2]);
        Assert.Equal("popular    user          0.0300  0.1250  0.0150 ±.0040  0.0200      0.5000    0.2500", lines[3]);
        Assert.Equal("impressions  knows            auc           gauc  log_loss     ece       list_auc  list_ndcg@10  list_mrr", lines[5]);
        Assert.Equal("two-stage    cut           0.7500         0.5000         -  0.0100              -             -         -", lines[6]);
        Assert.Equal("two-stage: auc +0.0625 against popular (best on the test), between +0.0500 and +0.0750", lines[8]);
    }

    [Theory]
    [InlineData(99, 0, "Only 99 choices are tested", null)]
    [InlineData(100, 999, null, "Only 999 impressions are judged")]
    [InlineData(100, 1000, null, null)]
    public void ToTable_TinyTest_SaysThatItsFiguresSayNothing(int choices, int impressions, string? ofChoices, string? ofImpressions)
    {
        var table = (Report with { Data = new EvaluationData(9, 9, 9, 9, 9, choices) { Impressions = impressions } }).ToTable();

        Assert.Equal(ofChoices is not null, table.Contains(ofChoices ?? "choices are tested", StringComparison.Ordinal));
        Assert.Equal(ofImpressions is not null, table.Contains(ofImpressions ?? "impressions are judged", StringComparison.Ordinal));
        Assert.All(table.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void ToTable_Intervals_AreDrawnOnOneScale()
    {
        EvaluationRow Row(string model, double low, double value, double high) =>
            new EvaluationRow { Model = model }.With(Figures.Auc, value, new Interval(low, high));

        var lines = new EvaluationReport("p", [Row("a", 0.5, 0.5, 0.571), Row("bb", 0.501, 0.502, 0.503)]).ToTable().Split('\n');

        // A column is a thousandth.
        var at = Array.FindIndex(lines, line => line.StartsWith("auc  0.5000", StringComparison.Ordinal));
        Assert.EndsWith(" 0.5710", lines[at], StringComparison.Ordinal);
        Assert.Equal("a    ●" + new string('─', 70) + "┤", lines[at + 1]);
        Assert.Equal("bb    ├●┤", lines[at + 2]);
        Assert.Equal(lines[at].Length, lines[at + 1].Length);
    }

    [Fact]
    public void ToJson_WhatItTakesToRepeat_IsThereAndReadBack()
    {
        var report = Report with
        {
            Rows = [Report.Rows[0].With(Figures.NdcgAt10, 0.015, new Interval(0.012, 0.02)).Above(Figures.NdcgAt10,
                new Advantage("item-knn", -0.5, null))],
            Data = new EvaluationData(3, 4, 5, 6, 7, 8) { Impressions = 9, Lists = 2 },
            Times = new TimeQuality(8, 1, 2, null),
            Run = new EvaluationRun("0.1.0+abc", 42, JsonSerializer.SerializeToElement(new { Seed = 42 }),
                new Dictionary<string, double> { ["train"] = 1.5 }),
        };

        var json = report.ToJson();

        Assert.Contains("\"intervals\":{\"ndcg@10\":{\"low\":0.012,\"high\":0.02}}", json, StringComparison.Ordinal);
        const string Above = """
            "above_best_baseline":{"ndcg@10":{"baseline":"item-knn","difference":-0.5,"interval":null,"best_on":"test"}}
            """;
        Assert.Contains(Above, json, StringComparison.Ordinal);
        const string Run = """
            "run":{"code_version":"0.1.0\u002Babc","seed":42,"settings":{"Seed":42},"seconds":{"train":1.5}}
            """;
        Assert.Contains(Run, json, StringComparison.Ordinal);
        Assert.Contains("\"users\":3,\"items\":4,\"train_events\":5,\"validation_events\":6,\"test_events\":7,\"test_choices\":8,", json,
            StringComparison.Ordinal);
        Assert.Equal(json, EvaluationReport.FromJson(json).ToJson());
        Assert.Contains("by user and moment, since the log has no request ids", report.ToTable(), StringComparison.Ordinal);
    }
}
