using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// How the two towers are shaped and trained. The defaults suit a catalogue of some thousand items on a few CPU cores; what is null is
/// chosen by how much the log tells of each item, and <c>train</c> says what was chosen.
/// </summary>
public sealed record TwoTowerOptions
{
    public const string SectionName = "Training:Towers";

    /// <summary>Length of user and item embeddings. A multiple of 16 lets the exact index use its fastest path.</summary>
    [Range(8, 1024)]
    public int Dimension { get; init; } = 128;

    /// <summary>How many of the latest entries the user tower reads.</summary>
    [Range(1, 1000)]
    public int HistoryLength { get; init; } = 50;

    /// <summary>Attention blocks of the user tower.</summary>
    [Range(1, 8)]
    public int Blocks { get; init; } = 2;

    /// <summary>Attention heads per block; <see cref="Dimension"/> must be a multiple.</summary>
    [Range(1, 16)]
    public int Heads { get; init; } = 2;

    /// <summary>Width of the item tower's hidden layer and of the feed-forward layers in the user tower's blocks.</summary>
    [Range(8, 4096)]
    public int Hidden { get; init; } = 256;

    /// <summary>Most epochs; null: 12, or 40 where the log tells little of each item. Validation may end them earlier.</summary>
    [Range(1, 1000)]
    public int? MaxEpochs { get; init; }

    /// <summary>
    /// Targets (predicted entries) per optimiser step; null: 2,048, or where the log tells little of each item so few (128 at least) that
    /// an epoch has a hundred steps.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? BatchSize { get; init; }

    /// <summary>
    /// Standard deviation with which ids are drawn; null: 0.5, or 0.05 where the log tells little of each item.
    /// </summary>
    [Range(0.0, 10.0)]
    public double? IdScale { get; init; }

    [Range(1e-6, 1)]
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Decoupled (AdamW), on weight matrices only.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The softmax sees cosine / temperature; null: 0.06, or 0.1 where the log tells little of each item.</summary>
    [Range(SoftmaxLoss.LeastTemperature, 1)]
    public double? Temperature { get; init; }

    /// <summary>
    /// Uniform negatives per step for catalogues above <see cref="FullSoftmaxItems"/>; the batch's own targets come on top.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Negatives { get; init; } = 2048;

    /// <summary>Up to this many items the softmax runs over the whole catalogue.</summary>
    [Range(0, 10_000_000)]
    public int FullSoftmaxItems { get; init; } = 20_000;

    /// <summary>Share of items per step that are seen without their id, so that content alone learns to carry an item.</summary>
    [Range(0, 0.9)]
    public double ItemIdDropout { get; init; } = 0.1;

    /// <summary>Share of the targets that are predicted without device and location of the request.</summary>
    [Range(0.0, 1.0)]
    public double ContextDropout { get; init; } = 0.5;

    /// <summary>
    /// Share of values dropped in the user tower: of its input, of its hidden layers and of what each layer adds; null: 0.2, or 0.5 where
    /// the log tells little of each item.
    /// </summary>
    [Range(0, 0.9)]
    public double? Dropout { get; init; }

    /// <summary>Multiply in bfloat16 while training; null does so where processor or GPU have instructions for it.</summary>
    public bool? ReducedPrecision { get; init; }

    /// <summary>
    /// <c>auto</c> (CUDA where there is one), <c>cpu</c> or <c>cuda</c>, which needs a build with <c>-p:TorchBackend=cuda</c>.
    /// </summary>
    [RegularExpression(TorchDevice.Pattern, ErrorMessage = SectionName + ":Device must be auto, cpu or cuda.")]
    public string Device { get; init; } = "auto";

    public int Seed { get; init; } = 1;

    /// <summary>Threads of libtorch, for the whole process.</summary>
    [Range(1, 1024)]
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Stop after this many epochs without a better validation NDCG@10; null: 3, or 5 where the log tells little of each item.
    /// </summary>
    [Range(1, 1000)]
    public int? Patience { get; init; }

    /// <summary>At most this many users' last entries are held out for early stopping.</summary>
    [Range(0, 1_000_000)]
    public int ValidationUsers { get; init; } = 5000;

    /// <summary>Training ends cleanly with the best weights so far when this is used up; null means no limit.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>What is null becomes what a dense log gets, whatever the log: few epochs in large batches, fast rather than best.</summary>
    public TwoTowerOptions AsForDenseLogs() => TowerDefaults.Complete(this, TowerDefaults.Dense);
}
