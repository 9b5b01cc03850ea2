using static System.FormattableString;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Core.Training.Skew;

namespace RecSys.Core.Training.Nightly.Refitting;

/// <summary>What is asked of a refitted model, each with its bound.</summary>
internal static class RefitChecks
{
    public const string Fitted = "fitted";
    public const string Golden = "golden";
    public const string Skew = "skew";
    public const string Calibration = "calibration";
    public const string Overlap = "overlap@10";
    public const string Correlation = "rank_correlation";

    /// <summary>Most that the calibration error may be above the judged model's.</summary>
    public const double CalibrationMargin = 0.01;

    /// <summary>Scores that differ by less than this share of their size are one: they were summed as float32 features allow.</summary>
    public const double ScoreTolerance = 1e-4;

    /// <summary>The bundle was loaded, every file checked and the golden queries repeated.</summary>
    public static RefitCheck Loaded { get; } =
        new(Golden, true, null, null, "its files are sound and its golden queries give what they gave");

    /// <summary>Whether the bundle gives held rows the scores that its ranker gave them by the features it learnt from.</summary>
    /// <param name="rows">Rows that both scored.</param>
    /// <param name="differing">Those with another score.</param>
    public static RefitCheck SkewOf(int rows, int differing)
    {
        var bound = new SkewOptions().ToleratedShare;
        if (rows == 0)
            return new RefitCheck(Skew, true, null, bound, "not measured: rows are made of choices, not of what was shown");
        var share = differing / (double)rows;
        return new RefitCheck(Skew, share <= bound, share, bound,
            Invariant($"{differing:#,0} of {rows:#,0} held rows get another score of the bundle than in training, at most {bound:0.0%}"));
    }

    /// <param name="judged">Expected calibration error of the judged model; null without impressions.</param>
    /// <param name="refitted">Of the refitted one, by halves; null where they are too small.</param>
    public static RefitCheck CalibrationOf(double? judged, double? refitted)
    {
        if (judged is not { } before || refitted is not { } after)
            return new RefitCheck(Calibration, true, null, null, "not measured: too few impressions tell clicks");
        var bound = before + CalibrationMargin;
        return new RefitCheck(Calibration, after <= bound, after, bound,
            Invariant($"calibration error {after:0.0000} by halves of the users against {before:0.0000}, ")
                + Invariant($"at most {CalibrationMargin} more"));
    }

    /// <summary>On rows that neither learnt from.</summary>
    /// <param name="difference">The refitted model's figure beside the judged one's.</param>
    public static RefitCheck NotWorse(JudgedDifference difference)
    {
        var gain = difference.ToComparison().Gain;
        return new RefitCheck(difference.Metric, gain.High >= 0, difference.After, difference.Before,
            Invariant($"{difference.Metric} {difference.After:0.0000} against {difference.Before:0.0000}, {GateWords.Change(gain)}; ")
                + (gain.High >= 0 ? "" : "does not meet: ") + "not below 0 beyond chance");
    }

    /// <param name="overlap">Mean share of common items; null without choices.</param>
    /// <param name="choices">Lists compared.</param>
    /// <param name="bound">Least share.</param>
    public static RefitCheck OverlapOf(double? overlap, int choices, double bound) => overlap is not { } share
        ? new RefitCheck(Overlap, true, null, bound, "not measured: the test part has no choices")
        : new RefitCheck(Overlap, share >= bound, share, bound,
            Invariant($"{share:0.0%} of the ten best items of {choices:#,0} lists are those of the judged model, at least {bound:0.0%}"));

    /// <param name="correlation">Of the scores; null without impressions.</param>
    /// <param name="rows">Impressions compared.</param>
    /// <param name="bound">Least correlation.</param>
    public static RefitCheck CorrelationOf(double? correlation, int rows, double bound) => correlation is not { } value
        ? new RefitCheck(Correlation, true, null, bound, "not measured: the test part has no impressions")
        : new RefitCheck(Correlation, value >= bound, value, bound,
            Invariant($"ranks of {rows:#,0} impressions correlate with the judged model's by {value:0.000}, at least {bound:0.000}"));

    /// <summary>Names of the figures that a refitted model must not be worse in.</summary>
    public static IReadOnlyList<string> NoWorse { get; } = [Figures.Auc, Figures.LogLoss, Figures.NdcgAt10];
}
