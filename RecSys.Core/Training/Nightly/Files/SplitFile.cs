namespace RecSys.Core.Training.Nightly.Files;

/// <summary>Where the window is cut, <c>split.json</c>. Moments are Unix milliseconds by the time that folds go by.</summary>
/// <param name="TowersUntilMs">The towers learn from events before it.</param>
/// <param name="TrainUntilMs">The ranker learns from rows before it, those from <paramref name="TowersUntilMs"/> on with tower scores.</param>
/// <param name="ValidateUntilMs">Rows before it stop the training and calibrate; those from here on test.</param>
/// <param name="Impressions">The test part says what was shown; otherwise rows are made of choices.</param>
/// <param name="FirstMs">Earliest event that is learnt from.</param>
/// <param name="LastLearntMs">Latest event that is learnt from or validated with.</param>
/// <param name="Train">Events of that part.</param>
/// <param name="Validation">Events of that part.</param>
/// <param name="Test">Events of that part.</param>
internal sealed record SplitFile(
    long TowersUntilMs, long TrainUntilMs, long ValidateUntilMs, bool Impressions, long FirstMs, long LastLearntMs, int Train,
    int Validation, int Test)
{
    public const string TrainPart = "train";
    public const string ValidationPart = "validation";
    public const string TestPart = "test";

    /// <summary>The part that a moment belongs to.</summary>
    public string PartOf(long timeMs) =>
        timeMs < TrainUntilMs ? TrainPart : timeMs < ValidateUntilMs ? ValidationPart : TestPart;
}
