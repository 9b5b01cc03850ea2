using System.ComponentModel.DataAnnotations;
using System.Globalization;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Quality;

namespace RecSys.Core.Training.Nightly;

/// <summary>Settings of a nightly run, section <c>Training:Nightly</c>.</summary>
public sealed class NightlyOptions : IValidatableObject
{
    // Less than this behind training and validation is no test part, whatever the sum of two fractions rounds to.
    private const double LeastTestShare = 1e-9;

    internal const string ChallengersPath = TrainingOptions.SectionName + ":Nightly:Challengers";

    /// <summary>Received days whose events become training examples, the closed day included. Default 7.</summary>
    [Range(1, 3650)]
    public int Days { get; set; } = 7;

    /// <summary>Share of the window's events, by time, that both models learn from; together with <see cref="ValidationShare"/> below 1.
    /// Default 0.8.</summary>
    [Range(0.5, 0.9)]
    public double TrainShare { get; set; } = 0.8;

    /// <summary>Share behind it that stops the training and calibrates; the rest tests. Default 0.1.</summary>
    [Range(0.02, 0.25)]
    public double ValidationShare { get; set; } = 0.1;

    /// <summary>Most impressions that models are compared on; whole lists are left out evenly beyond. Default 500,000.</summary>
    [Range(1_000, 20_000_000)]
    public int MaxTestImpressions { get; set; } = 500_000;

    /// <summary>Most choices that whole lists are ranked for, evenly over the test part. Default 2,000.</summary>
    [Range(100, 100_000)]
    public int MaxTestChoices { get; set; } = 2_000;

    /// <summary>Fewest users of the test part that a comparison is worth anything with. Default 20.</summary>
    [Range(2, 1_000_000)]
    public int MinTestUsers { get; set; } = 20;

    /// <summary>A feature whose population stability index is above this has drifted. Default 0.25.</summary>
    [Range(0.01, 10)]
    public double DriftIndex { get; set; } = 0.25;

    /// <summary>
    /// Served places, the latest of the window, whose features are computed again and compared with those that served. Default 20,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxSkewRows { get; set; } = 20_000;

    /// <summary>
    /// Explored places (<c>Exploration:Share</c>), the latest of the test part, that challenger and champion are asked what they would have
    /// shown at. Default 5,000.
    /// </summary>
    [Range(100, 1_000_000)]
    public int MaxExploredPlaces { get; set; } = 5_000;

    /// <summary>
    /// Share of each place's pool that a model counts as showing: its best items. Fewer are nearer to what it would serve and tell less
    /// surely. Default 0.1.
    /// </summary>
    [Range(0.001, 1)]
    public double ExploredTop { get; set; } = 0.1;

    /// <summary>With a smaller effective sample size of explored places nothing is decided by them. Default 200.</summary>
    [Range(2, 1_000_000)]
    public int MinExploredSample { get; set; } = 200;

    /// <summary>
    /// Publish, in place of the judged model, one that is fitted again on the same split moved to the newest event, where it passes its
    /// checks. Default false.
    /// </summary>
    public bool Refit { get; set; }

    /// <summary>
    /// Least mean share of the ten best items that a refitted model must have in common with the judged one. Default 0.3.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MinRefitOverlap { get; set; } = 0.3;

    /// <summary>Least rank correlation of a refitted model's scores with the judged one's. Default 0.7.</summary>
    [Range(-1.0, 1.0)]
    public double MinRefitCorrelation { get; set; } = 0.7;

    /// <summary>
    /// Further models that a night makes with other settings of the ranker, at most <see cref="ChallengerRules.Most"/>. All are judged on
    /// the same rows, and all that pass are published. Default none.
    /// </summary>
    public IList<ChallengerOptions> Challengers { get; } = [];

    /// <summary>Minutes that one step may take. Default 120.</summary>
    [Range(1, 10_080)]
    public int StepMinutes { get; set; } = 120;

    /// <summary>Megabytes of memory that the process may take while a step runs; null: no limit of its own.</summary>
    [Range(256, 1_048_576)]
    public int? MaxMemoryMb { get; set; }

    /// <summary>
    /// Folders of runs that are kept, earlier ones of a day counted; of all but the newest only the small files. Default 14.
    /// </summary>
    [Range(1, 3650)]
    public int KeepRuns { get; set; } = 14;

    /// <summary>What an event must be like to be learnt from.</summary>
    public QualityOptions Quality { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TrainShare + ValidationShare <= 1 - LeastTestShare) yield break;
        yield return new ValidationResult(string.Create(CultureInfo.InvariantCulture,
            $"Training:Nightly:TrainShare ({TrainShare}) and Training:Nightly:ValidationShare ({ValidationShare}) leave no events to test ")
            + "with. Lower one of them, so that together they stay below 1: the rest is what models are compared on.");
    }
}
