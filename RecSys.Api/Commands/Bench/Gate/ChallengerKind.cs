using RecSys.Core.Features;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>A challenger that is good, or broken in one way.</summary>
/// <param name="Name">In reports.</param>
/// <param name="Criterion">What has to refuse it; null for one that has to pass.</param>
internal sealed record ChallengerKind(string Name, string? Criterion)
{
    /// <summary>The features of its night, where they are not as they should be.</summary>
    public Func<NightData, FeatureCatalogue>? Features { get; init; }

    /// <summary>Changes the rows of its night.</summary>
    public Action<NightData, string>? Rows { get; init; }

    /// <summary>Changes the text of its forest.</summary>
    public Func<string, string>? Forest { get; init; }
}
