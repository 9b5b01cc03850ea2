using RecSys.Core.Training.Nightly.Steps;

namespace RecSys.Core.Training.Nightly;

/// <summary>The steps of a night in the order in which they run.</summary>
internal static class NightSteps
{
    public static IReadOnlyList<INightStep> InOrder { get; } =
    [
        new CollectStep(),
        new ValidateStep(),
        new SplitStep(),
        new FeaturesStep(),
        new TowersStep(),
        new RankerStep(),
        new EvaluateStep(),
        new SkewStep(),
        new GateStep(),
        new RefitStep(),
        new PublishStep(),
    ];
}
