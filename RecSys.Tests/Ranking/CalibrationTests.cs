using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using RecSys.Core.Domain;
using RecSys.Core.Ranking.Calibration;

namespace RecSys.Tests.Ranking;

public sealed class CalibrationTests
{
    private const double Close = 1e-5;

    [Fact]
    public void Fit_AlreadyRising_KeepsEveryRow()
    {
        var calibrator = IsotonicCalibrator.Fit([1, 2], [0, 1]);

        Assert.Equal([1.0, 2.0], calibrator.Scores);
        Assert.Equal(0.0, calibrator.Calibrate(1), Close);
        Assert.Equal(0.5, calibrator.Calibrate(1.5), Close);
        Assert.Equal(0.25, calibrator.Calibrate(1.25), Close);
        Assert.Equal(1.0, calibrator.Calibrate(2), Close);
    }

    [Fact]
    public void Fit_Violators_ArePooled()
    {
        // By hand: 0 | 1 0 -> 1/2 | 1 1 0 -> 2/3 | 1. Centres: 1, 2.5, 5, 7.
        var calibrator = IsotonicCalibrator.Fit([7, 3, 1, 2, 6, 5, 4], [1, 0, 0, 1, 0, 1, 1]);

        Assert.Equal([1, 2.5, 5, 7], calibrator.Scores);
        Assert.Equal(0.5, calibrator.Probabilities[1], Close);
        Assert.Equal(2.0 / 3, calibrator.Probabilities[2], Close);
        Assert.Equal((0.5 + (2.0 / 3)) / 2, calibrator.Calibrate(3.75), Close);
    }

    [Fact]
    public void Fit_PoolingReachesBack_ThroughSeveralBlocks()
    {
        // 0.5 (two rows at 1), then 1, then three zeros: everything pools to 2 of 6.
        var calibrator = IsotonicCalibrator.Fit([1, 1, 2, 3, 4, 5], [0, 1, 1, 0, 0, 0]);

        Assert.Single(calibrator.Scores);
        Assert.Equal(2.0 / 6, calibrator.Calibrate(16.0 / 6), Close);
    }

    [Fact]
    public void Fit_Weights_CountAsRepeatedRows()
    {
        var weighted = IsotonicCalibrator.Fit([1, 2, 3, 4], [1, 0, 1, 0], [3, 2, 1, 0]);
        var repeated = IsotonicCalibrator.Fit([1, 1, 1, 2, 2, 3], [1, 1, 1, 0, 0, 1]);

        Assert.Equal(repeated.Scores, weighted.Scores);
        Assert.Equal(repeated.Probabilities, weighted.Probabilities);
    }

    [Fact]
    public void Calibrate_Isotonic_NeverTurnsTwoScoresAround() =>
        Gen.Select(Gen.Double[-5, 5].Array[2, 60], Gen.Int[0, 1].Array[60], Gen.Double[-8, 8].Array[2, 20]).Sample(
            (scores, outcomes, asked) =>
        {
            var labels = scores.Select((_, at) => (float)outcomes[at]).ToArray();
            if (labels.Distinct().Count() < 2) return;
            var calibrator = IsotonicCalibrator.Fit(scores, labels);
            Array.Sort(asked);
            var answers = asked.Select(calibrator.Calibrate).ToArray();
            Assert.All(answers, answer => Assert.InRange(answer, 0, 1));
            for (var i = 1; i < answers.Length; i++)
                Assert.True(answers[i] >= answers[i - 1], $"{asked[i - 1]} -> {answers[i - 1]}, {asked[i]} -> {answers[i]}");
        }, seed: "0000EFlu9lx3", iter: 300);

    [Fact]
    public void Calibrate_BeyondTheBlocks_KeepsOrderStrictly()
    {
        var calibrator = IsotonicCalibrator.Fit([1, 2, 3, 4], [0, 1, 0, 1]);

        Assert.True(calibrator.Calibrate(9) > calibrator.Calibrate(5));
        Assert.True(calibrator.Calibrate(-9) < calibrator.Calibrate(0));
        Assert.InRange(calibrator.Calibrate(double.PositiveInfinity), 1 - Close, 1);
        Assert.InRange(calibrator.Calibrate(double.NegativeInfinity), 0, Close);
        Assert.True(double.IsNaN(calibrator.Calibrate(double.NaN)));
    }

    [Fact]
    public void Fit_Platt_FindsTheCurveThatDrewTheLabels()
    {
        var (scores, labels) = Draw(200_000, slope: 1.7, intercept: -0.6);

        var calibrator = PlattCalibrator.Fit(scores, labels);

        Assert.Equal(1.7, calibrator.Slope, 0.03);
        Assert.Equal(-0.6, calibrator.Intercept, 0.03);
    }

    [Fact]
    public void Fit_Platt_MatchesMicrosoftMl()
    {
        var (scores, labels) = Draw(20_000, slope: 0.8, intercept: -1);
        var context = new MLContext(seed: 1);
        var rows = context.Data.LoadFromEnumerable(
            scores.Select((score, at) => new ScoredRow { Score = (float)score, Label = labels[at] == 1 }).ToArray());
        var theirs = context.BinaryClassification.Calibrators.Platt(labelColumnName: "Label", scoreColumnName: "Score").Fit(rows)
            .Transform(rows).GetColumn<float>("Probability").ToArray();

        var ours = PlattCalibrator.Fit(scores, labels);

        for (var i = 0; i < scores.Length; i++) Assert.Equal(theirs[i], ours.Calibrate(scores[i]), 2e-3);
    }

    [Fact]
    public void Fit_Isotonic_MatchesMicrosoftMlAtItsBlocks()
    {
        var (scores, labels) = Draw(2_000, slope: 1.2, intercept: -1);
        var context = new MLContext(seed: 1);
        // Scores that float32 holds, since Microsoft.ML takes no others.
        scores = [.. scores.Select(score => (double)(float)score)];
        var rows = context.Data.LoadFromEnumerable(
            scores.Select((score, at) => new ScoredRow { Score = (float)score, Label = labels[at] == 1 }).ToArray());
        var theirs = context.BinaryClassification.Calibrators.Isotonic(labelColumnName: "Label", scoreColumnName: "Score").Fit(rows)
            .Transform(rows).GetColumn<float>("Probability").ToArray();

        var ours = IsotonicCalibrator.Fit(scores, labels);

        // Inside a block theirs is flat at the block's rate, which is ours at the block's centre.
        for (var block = 0; block < ours.Scores.Count; block++)
        {
            var nearest = Enumerable.Range(0, scores.Length).MinBy(at => Math.Abs(scores[at] - ours.Scores[block]));
            Assert.Contains(ours.Probabilities, rate => Math.Abs(rate - theirs[nearest]) < 1e-4);
        }
    }

    [Fact]
    public void Fit_Platt_ScoresThatMislead_FallBackToTheRate()
    {
        var calibrator = PlattCalibrator.Fit([1, 2, 3, 4], [1, 1, 0, 0]);

        Assert.Equal(0, calibrator.Slope);
        Assert.Equal(0.5, calibrator.Calibrate(99), Close);
        Assert.Equal(0.5, calibrator.Calibrate(double.PositiveInfinity), Close);
    }

    [Theory]
    [InlineData(new double[0], new float[0])]
    [InlineData(new[] { 1.0, 2 }, new[] { 1f, 1f })]
    [InlineData(new[] { 1.0, 2 }, new[] { 0f, 0f })]
    [InlineData(new[] { 1.0, double.NaN }, new[] { 0f, 1f })]
    [InlineData(new[] { 1.0, 2 }, new[] { 0f, 0.5f })]
    public void Fit_UnusableRows_AreRefused(double[] scores, float[] labels)
    {
        Assert.Throws<RecSysException>(() => IsotonicCalibrator.Fit(scores, labels));
        Assert.Throws<RecSysException>(() => PlattCalibrator.Fit(scores, labels));
    }

    [Fact]
    public void Load_AfterSave_GivesTheSameCurve()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("recsys-calibration").FullName, "calibration.json");
        var (scores, labels) = Draw(500, slope: 1, intercept: 0);
        foreach (var calibrator in (ICalibrator[])[IsotonicCalibrator.Fit(scores, labels), PlattCalibrator.Fit(scores, labels)])
        {
            CalibrationFile.Save(calibrator, path);
            var loaded = CalibrationFile.Load(path);
            Assert.All(scores, score => Assert.Equal(calibrator.Calibrate(score), loaded.Calibrate(score)));
        }
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"isotonic\"}")]
    [InlineData("{\"kind\":\"isotonic\",\"scores\":[],\"probabilities\":[]}")]
    [InlineData("{\"kind\":\"isotonic\",\"scores\":[1,1],\"probabilities\":[0.1,0.2]}")]
    [InlineData("{\"kind\":\"isotonic\",\"scores\":[1,2],\"probabilities\":[0.3,0.2]}")]
    [InlineData("{\"kind\":\"isotonic\",\"scores\":[1,2],\"probabilities\":[0.3,1.2]}")]
    [InlineData("{\"kind\":\"isotonic\",\"scores\":[1],\"probabilities\":[0.3,0.4]}")]
    [InlineData("{\"kind\":\"platt\",\"slope\":1}")]
    [InlineData("{\"kind\":\"platt\",\"slope\":-1,\"intercept\":0}")]
    [InlineData("{\"kind\":\"platt\",\"slope\":\"NaN\",\"intercept\":0}")]
    [InlineData("{\"kind\":\"spline\"}")]
    public void Load_DamagedFile_IsRefused(string content)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, content);
        Assert.Throws<RecSysException>(() => CalibrationFile.Load(path));
        File.Delete(path);
        Assert.Throws<RecSysException>(() => CalibrationFile.Load(path));
    }

    [Fact]
    public void Create_Report_CountsBinsByHand()
    {
        var report = CalibrationReport.Create([0.9, 0.1, 0.2, 0.6, 0.4], [1, 0, 1, 1, 0], bins: 2);

        Assert.Equal(2, report.Bins[0].Count);
        Assert.Equal(0.15, report.Bins[0].MeanPrediction, 12);
        Assert.Equal(0.5, report.Bins[0].Rate, 12);
        Assert.Equal(3, report.Bins[1].Count);
        Assert.Equal(1.9 / 3, report.Bins[1].MeanPrediction, 12);
        Assert.Equal(2.0 / 3, report.Bins[1].Rate, 12);
        Assert.Equal((0.7 + 0.1) / 5, report.ExpectedCalibrationError, 12);
        Assert.Equal(0.6, report.Rate, 12);
    }

    [Fact]
    public void Create_Report_OfCalibratedScores_HasASmallError()
    {
        var (scores, labels) = Draw(50_000, slope: 2, intercept: -1);
        var (otherScores, otherLabels) = Draw(50_000, slope: 2, intercept: -1, seed: 6);
        var calibrator = IsotonicCalibrator.Fit(scores, labels);

        var calibrated = CalibrationReport.Create([.. otherScores.Select(calibrator.Calibrate)], otherLabels);
        var raw = CalibrationReport.Create([.. otherScores.Select(score => 1 / (1 + Math.Exp(-score)))], otherLabels);

        Assert.True(calibrated.ExpectedCalibrationError < 0.01, $"{calibrated.ExpectedCalibrationError}");
        Assert.True(raw.ExpectedCalibrationError > 5 * calibrated.ExpectedCalibrationError);
    }

    private static (double[] Scores, float[] Labels) Draw(int rows, double slope, double intercept, int seed = 5)
    {
        var random = new Random(seed);
        var scores = new double[rows];
        var labels = new float[rows];
        for (var i = 0; i < rows; i++)
        {
            scores[i] = (random.NextDouble() * 6) - 3;
            labels[i] = random.NextDouble() < 1 / (1 + Math.Exp(-((slope * scores[i]) + intercept))) ? 1 : 0;
        }
        return (scores, labels);
    }

    private sealed class ScoredRow
    {
        public float Score { get; init; }
        public bool Label { get; init; }
    }
}
