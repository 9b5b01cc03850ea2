using System.ComponentModel.DataAnnotations;
using static System.FormattableString;
using RecSys.Core.Ranking.LightGbm;

namespace RecSys.Core.Training.Nightly.Challengers;

/// <summary>
/// One more model of a night: its name, and the settings of the ranker that are other than those of <c>Training:Ranker</c>, or, where the
/// log has no impressions, <c>Training:ChoiceRanker</c>. What is not set is as there.
/// </summary>
public sealed record ChallengerOptions
{
    /// <summary>Most letters of a name.</summary>
    public const int MaxNameLength = 32;

    /// <summary>What it is called; also the name of its folder.</summary>
    [Required(ErrorMessage = NightlyOptions.ChallengersPath + ": each needs a Name.")]
    [StringLength(MaxNameLength, ErrorMessage = NightlyOptions.ChallengersPath + ": a Name has at most {1} characters.")]
    [RegularExpression("[A-Za-z0-9-]+",
        ErrorMessage = NightlyOptions.ChallengersPath + ": a Name is made of the letters A to Z, digits and '-'.")]
    public string Name { get; init; } = "";

    /// <summary>See <see cref="LightGbmOptions.NumTrees"/>.</summary>
    [Range(1, 100_000)]
    public int? NumTrees { get; init; }

    /// <summary>See <see cref="LightGbmOptions.NumLeaves"/>.</summary>
    [Range(2, 65_535)]
    public int? NumLeaves { get; init; }

    /// <summary>See <see cref="LightGbmOptions.LearningRate"/>.</summary>
    [Range(1e-6, 10.0)]
    public double? LearningRate { get; init; }

    /// <summary>See <see cref="LightGbmOptions.MinDataInLeaf"/>.</summary>
    [Range(0, int.MaxValue)]
    public int? MinDataInLeaf { get; init; }

    /// <summary>See <see cref="LightGbmOptions.FeatureFraction"/>.</summary>
    [Range(1e-6, 1.0)]
    public double? FeatureFraction { get; init; }

    /// <summary>See <see cref="LightGbmOptions.BaggingFraction"/>.</summary>
    [Range(1e-6, 1.0)]
    public double? BaggingFraction { get; init; }

    /// <summary>See <see cref="LightGbmOptions.LambdaL1"/>.</summary>
    [Range(0.0, double.MaxValue)]
    public double? LambdaL1 { get; init; }

    /// <summary>See <see cref="LightGbmOptions.LambdaL2"/>.</summary>
    [Range(0.0, double.MaxValue)]
    public double? LambdaL2 { get; init; }

    /// <summary>See <see cref="LightGbmOptions.MaxBin"/>.</summary>
    [Range(2, 65_535)]
    public int? MaxBin { get; init; }

    /// <summary>See <see cref="LightGbmOptions.EarlyStoppingRounds"/>.</summary>
    [Range(0, int.MaxValue)]
    public int? EarlyStoppingRounds { get; init; }

    /// <summary>What is set, such as <c>NumLeaves 63, LambdaL2 1</c>.</summary>
    internal string ToText() => string.Join(", ", new (string Name, double? Value)[]
    {
        (nameof(NumTrees), NumTrees), (nameof(NumLeaves), NumLeaves), (nameof(LearningRate), LearningRate),
        (nameof(MinDataInLeaf), MinDataInLeaf), (nameof(FeatureFraction), FeatureFraction), (nameof(BaggingFraction), BaggingFraction),
        (nameof(LambdaL1), LambdaL1), (nameof(LambdaL2), LambdaL2), (nameof(MaxBin), MaxBin),
        (nameof(EarlyStoppingRounds), EarlyStoppingRounds),
    }.Where(setting => setting.Value is not null).Select(setting => Invariant($"{setting.Name} {setting.Value}")));

    /// <summary>The settings given, with those of this challenger in their place.</summary>
    internal LightGbmOptions Over(LightGbmOptions given) => given with
    {
        NumTrees = NumTrees ?? given.NumTrees,
        NumLeaves = NumLeaves ?? given.NumLeaves,
        LearningRate = LearningRate ?? given.LearningRate,
        MinDataInLeaf = MinDataInLeaf ?? given.MinDataInLeaf,
        FeatureFraction = FeatureFraction ?? given.FeatureFraction,
        BaggingFraction = BaggingFraction ?? given.BaggingFraction,
        LambdaL1 = LambdaL1 ?? given.LambdaL1,
        LambdaL2 = LambdaL2 ?? given.LambdaL2,
        MaxBin = MaxBin ?? given.MaxBin,
        EarlyStoppingRounds = EarlyStoppingRounds ?? given.EarlyStoppingRounds,
    };
}
