using RecSys.Core.Ranking.LightGbm;

namespace RecSys.Core.Training.Nightly;

/// <summary>One of a night's challengers: the same rows and towers, learnt from with other settings of the ranker.</summary>
/// <param name="Name">In files, results and lineages; lower-case letters.</param>
/// <param name="Change">Makes its settings of those that are configured.</param>
internal sealed record RankerVariant(string Name, Func<LightGbmOptions, LightGbmOptions> Change)
{
    /// <summary>The one with the settings as they are, which every night has.</summary>
    public const string Base = "base";

    /// <summary>All that there are, in the order in which a night takes them.</summary>
    public static IReadOnlyList<RankerVariant> All { get; } =
    [
        new(Base, settings => settings),
        new("wide", settings => settings with { NumLeaves = Math.Min(2 * settings.NumLeaves, TreeLeaves) }),
        new("slow", settings => settings with { LearningRate = settings.LearningRate / 2, NumTrees = 2 * settings.NumTrees }),
        new("narrow", settings => settings with { NumLeaves = Math.Max(2, settings.NumLeaves / 2) }),
        new("strict", settings => settings with { LambdaL2 = 10 * settings.LambdaL2, MinDataInLeaf = 2 * settings.MinDataInLeaf }),
    ];

    private const int TreeLeaves = 65_535;

    /// <summary>Its part in a comparison.</summary>
    public string Role => Name == Base ? Judging.JudgedModel.Challenger : $"{Judging.JudgedModel.Challenger}-{Name}";

    /// <summary>The settings of a night with those of its ranker.</summary>
    public TrainingOptions Apply(TrainingOptions options) => options.WithRankers(Change);

    /// <summary>The first so many.</summary>
    public static IReadOnlyList<RankerVariant> Of(int count) => [.. All.Take(count)];
}
