using MathNet.Numerics.Statistics;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Evaluation.Intervals;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Refitting;

/// <summary>
/// Asks the refitted model beside the judged one, each out of its bundle as serving would, on the rows and choices of the test part. No
/// weight of either was learnt from them; those of the refitted model are its calibration rows, which its curve alone knows.
/// </summary>
/// <param name="night">The run.</param>
/// <param name="data">The log.</param>
/// <param name="split">The judged model's.</param>
/// <param name="models">The judged model, then the refitted one.</param>
internal sealed class RefitJudging(NightContext night, NightData data, SplitFile split, IReadOnlyList<JudgedModel> models)
{
    private readonly NightFigures figures = new([JudgedModel.Refitted], JudgedModel.Challenger, night.Options.Seed, Resampling.Tail);
    private readonly PopularityBaseline popular = PopularityBaseline.Fit(data.Part((in LogEvent e) => e.TimeMs < split.ValidateUntilMs));

    /// <param name="shifted">The refitted model's split.</param>
    /// <param name="heldScores">What training made of the refitted model's calibration rows, by event.</param>
    /// <param name="ct">Stops.</param>
    public RefitFile Run(SplitFile shifted, IReadOnlyDictionary<int, double> heldScores, CancellationToken ct)
    {
        var options = night.Options.Nightly;
        var impressions = split.Impressions ? Impressions(ct) : null;
        var (overlap, choices) = Choices(ct);
        double? correlation = impressions is null ? null
            : Correlation.Spearman(Array.ConvertAll(impressions.Judged[^2].Scores, score => (double)score),
                Array.ConvertAll(impressions.Judged[^1].Scores, score => (double)score));
        var (rows, differing) = impressions is null ? (0, 0) : Differing(impressions, heldScores);
        return RefitFile.Of(shifted,
        [
            RefitChecks.Loaded,
            RefitChecks.SkewOf(rows, differing),
            CalibrationOf(impressions, ct),
            .. figures.DifferencesOf(JudgedModel.Refitted).Where(difference => RefitChecks.NoWorse.Contains(difference.Metric))
                .Select(RefitChecks.NotWorse),
            RefitChecks.OverlapOf(overlap, choices, options.MinRefitOverlap),
            RefitChecks.CorrelationOf(correlation, impressions?.Shown.Count ?? 0, options.MinRefitCorrelation),
        ]) with { Overlap = overlap, Correlation = correlation };
    }

    private ImpressionJudging Impressions(CancellationToken ct)
    {
        var lists = RowsFiles.ReadLists(night.Folder[NightFiles.RowsIndex]).Where(list => list.Part == SplitFile.TestPart).ToArray();
        return ImpressionJudging.Run(night, data, lists, models, popular, ct);
    }

    // Where there are impressions they tell which is better: of the whole catalogue, what the champion showed has an advantage.
    private (double? Overlap, int Choices) Choices(CancellationToken ct)
    {
        var judging = ChoiceJudging.Run(night, data, split.ValidateUntilMs, models, popular, night.Options.Nightly.MaxTestChoices, ct);
        if (judging.Choices.Length == 0) return (null, 0);
        if (!split.Impressions)
            figures.Add(
                FigureFamily.OfChoices(new TestOutcomes(data.Log, judging.Choices, [.. judging.Ranked.TakeLast(models.Count)])),
                new Dictionary<string, string> { [Figures.NdcgAt10] = Figures.NdcgAt10 }, judging.Choices.Length, ct);
        return (judging.TopLists[0].Zip(judging.TopLists[1], Common).Average(), judging.TopLists[0].Length);
    }

    private static double Common(int[] before, int[] after) =>
        before.Intersect(after).Count() / (double)Math.Max(1, Math.Max(before.Length, after.Length));

    private RefitCheck CalibrationOf(ImpressionJudging? judging, CancellationToken ct)
    {
        if (judging is null) return RefitChecks.CalibrationOf(null, null);
        var shown = judging.Shown;
        var (judged, refitted) = (judging.Judged[^2], judging.Judged[^1]);
        var probabilities = CrossCalibration.Probabilities(shown, refitted.Scores);
        figures.Add(
            FigureFamily.OfUsers(shown, [judged, refitted with { Probabilities = probabilities }]),
            new Dictionary<string, string> { [Figures.Auc] = Figures.Auc, [Figures.LogLoss] = Figures.LogLoss }, shown.Count, ct);
        return RefitChecks.CalibrationOf(
            CalibrationError.EqualCount(judged.Probabilities, shown.Clicked),
            probabilities is null ? null : CalibrationError.EqualCount(probabilities, shown.Clicked));
    }

    private static (int Rows, int Differing) Differing(ImpressionJudging judging, IReadOnlyDictionary<int, double> heldScores)
    {
        var (rows, differing) = (0, 0);
        var scores = judging.Judged[^1].Scores;
        for (var row = 0; row < scores.Length; row++)
        {
            if (!heldScores.TryGetValue(judging.Shown.Events[row], out var trained)) continue;
            rows++;
            if (!(Math.Abs(scores[row] - trained) <= RefitChecks.ScoreTolerance * Math.Max(1, Math.Abs(trained)))) differing++;
        }
        return (rows, differing);
    }
}
