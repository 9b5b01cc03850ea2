using System.ComponentModel.DataAnnotations;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Core.Training;

/// <summary>Settings of a training run, section <c>Training</c>.</summary>
public sealed class TrainingOptions : IValidatableObject
{
    public const string SectionName = "Training";

    /// <summary>
    /// Where the log has impressions: share of them, by time, that lies in the towers' part of the log. The ranker learns from all
    /// impressions, but sees tower scores only in those after that part, as they are for what the towers do not know.
    /// </summary>
    [Range(0.1, 0.95)]
    public double TowerShare { get; set; } = 0.8;

    /// <summary>Share of the ranker's rows, the latest ones, that stop the boosting early and calibrate.</summary>
    [Range(0.05, 0.5)]
    public double ValidationShare { get; set; } = 0.15;

    /// <summary>
    /// Candidates that retrieval proposes. Not a setting of its own: what serving uses, <c>Recommendations:Candidates</c>.
    /// </summary>
    [Range(10, 10_000)]
    public int Candidates { get; set; } = 500;

    /// <summary>
    /// Share of the candidates that neighbours of the user's items (item-kNN) may take, 0 for none; open, it is 0.2 where the log has no
    /// impressions and tells little of each item, and else 0 (<see cref="Towers.NeighbourFitting"/>).
    /// </summary>
    [Range(0, NeighbourSource.MostShare)]
    public double? NeighbourShare { get; set; }

    /// <summary>Candidates beside the chosen item per training list, where the log has no impressions.</summary>
    [Range(1, 1000)]
    public int NegativesPerTarget { get; set; } = 24;

    /// <summary>
    /// Share of the users whose latest choices the towers do not see but the ranker learns from, where the log has no impressions.
    /// </summary>
    [Range(0.01, 0.9)]
    public double RankerUserShare { get; set; } = 0.15;

    /// <summary>Most choices of each of those users; never more than half of what they have.</summary>
    [Range(1, 10_000)]
    public int RankerChoicesPerUser { get; set; } = 20;

    /// <summary>
    /// Fewest training lists, where the log has no impressions: a small log gives more than its share of users until there are so many, at
    /// most half of them. Fewer leave too little to validate a ranker with.
    /// </summary>
    [Range(0, 10_000)]
    public int MinTargets { get; set; } = 250;

    /// <summary>Most training lists, where the log has no impressions; no more users are held back than it takes.</summary>
    [Range(100, 10_000_000)]
    public int MaxTargets { get; set; } = 20_000;

    /// <summary>
    /// Where the log has no impressions: share of the weight of all training lists that those which begin a session get together
    /// (<see cref="Rows.ChoiceWeights"/>). Default 0.5; 0: all count alike.
    /// </summary>
    [Range(0, 0.95)]
    public double ReturnShare { get; set; } = 0.5;

    /// <summary>Most impressions the ranker learns from; the latest ones are taken.</summary>
    [Range(100, 100_000_000)]
    public int MaxImpressions { get; set; } = 1_000_000;

    /// <summary>
    /// Where the log has impressions: the type of event that has to follow one for it to count as answered, which the ranker predicts. Of
    /// <c>click</c> a log that knows no clicks is searched for any positive event instead.
    /// </summary>
    [RegularExpression("click|view|long_view|like|add_to_cart|purchase|follow",
        ErrorMessage = SectionName + ":Label must be click, view, long_view, like, add_to_cart, purchase or follow.")]
    public string Label { get; set; } = "click";

    /// <summary>
    /// Where the log has impressions: choose how much retrieval counts beside the click probability by the choices that users made. Off,
    /// because what users could choose was what an earlier system showed them: in a simulated world, where the truth is known, lists
    /// weighed like this get fewer clicks. Without impressions retrieval is always weighed.
    /// </summary>
    public bool WeighRetrieval { get; set; }

    /// <summary>When a serving process trains by itself.</summary>
    public ScheduleOptions Schedule { get; set; } = new();

    /// <summary>Seed of everything random in a run.</summary>
    public int Seed { get; set; } = 42;

    public TwoTowerOptions Towers { get; set; } = new();

    /// <summary>The ranker of logs with impressions: click or not.</summary>
    public LightGbmOptions Ranker { get; set; } =
        new() { NumTrees = 600, LearningRate = 0.04, MinDataInLeaf = 200, FeatureFraction = 0.3, LambdaL2 = 10 };

    /// <summary>The ranker of logs without impressions: the chosen item first among what retrieval proposes.</summary>
    public LightGbmOptions ChoiceRanker { get; set; } =
        new() { Objective = "lambdarank", LearningRate = 0.04, MinDataInLeaf = 200, FeatureFraction = 0.4, EarlyStoppingRounds = 60 };

    /// <summary>
    /// Time to look for better settings of the ranker than the ones above; null does not look. See <see cref="Rankers.RankerTuning"/>.
    /// </summary>
    public TimeSpan? TuneBudget { get; set; }

    /// <summary>The index that the bundle gets; it has its own section, <c>Retrieval</c>.</summary>
    public RetrievalOptions Retrieval { get; set; } = new();

    /// <summary>Text encoder for titles and descriptions; none unless a directory is set. Its own section, <c>Text</c>.</summary>
    public TextOptions Text { get; set; } = new();

    /// <summary>The nightly run, section <c>Training:Nightly</c>.</summary>
    public Nightly.NightlyOptions Nightly { get; set; } = new();

    /// <summary>What a new model must show, section <c>Training:Gate</c>.</summary>
    public GateOptions Gate { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        ChallengerRules.Faults(this).Select(fault => new ValidationResult(fault));

    /// <summary>The same settings with other rankers; the other parts are shared.</summary>
    internal TrainingOptions WithRankers(Func<LightGbmOptions, LightGbmOptions> change)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        (copy.Ranker, copy.ChoiceRanker) = (change(Ranker), change(ChoiceRanker));
        return copy;
    }

    /// <summary>The same settings with another seed; the parts are shared.</summary>
    internal TrainingOptions WithSeed(int seed)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.Seed = seed;
        return copy;
    }
}
