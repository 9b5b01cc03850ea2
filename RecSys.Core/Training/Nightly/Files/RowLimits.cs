using static System.FormattableString;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>Most rows of each part. What the ranker learns from and what stops it share one limit as they share the time.</summary>
/// <param name="Train">Of the training part, the latest ones.</param>
/// <param name="Validation">Of the validation part, evenly over it.</param>
/// <param name="Test">Of the test part, evenly over it.</param>
/// <param name="Both">Of the first two together.</param>
internal sealed record RowLimits(long Train, long Validation, long Test, long Both)
{
    /// <param name="offered">Impressions by part.</param>
    /// <param name="options">The limits.</param>
    public static RowLimits Of(IReadOnlyDictionary<string, long> offered, TrainingOptions options)
    {
        var (train, validation) = (offered[SplitFile.TrainPart], offered[SplitFile.ValidationPart]);
        var (most, nightly) = ((long)options.MaxImpressions, options.Nightly);
        var share = (long)Math.Round(most * nightly.TrainShare / (nightly.TrainShare + nightly.ValidationShare));
        // What one part does not need is the other's.
        var ofTrain = Math.Max(share, most - validation);
        return new RowLimits(ofTrain, Math.Max(most - share, most - train), nightly.MaxTestImpressions, most);
    }

    /// <summary>Why fewer rows than impressions are taken, by part; parts that are taken as a whole are absent.</summary>
    public IReadOnlyDictionary<string, string> Reasons(IReadOnlyDictionary<string, long> offered)
    {
        var reasons = new Dictionary<string, string>();
        if (offered[SplitFile.TrainPart] > Train)
            reasons.Add(SplitFile.TrainPart, Invariant($"the latest; Training:MaxImpressions is {Both:#,0}"));
        if (offered[SplitFile.ValidationPart] > Validation)
            reasons.Add(SplitFile.ValidationPart, Invariant($"evenly; Training:MaxImpressions is {Both:#,0}"));
        if (offered[SplitFile.TestPart] > Test)
            reasons.Add(SplitFile.TestPart, Invariant($"evenly; Training:Nightly:MaxTestImpressions is {Test:#,0}"));
        return reasons;
    }
}
