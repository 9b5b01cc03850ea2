using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Settings of exploration, section <c>Exploration</c>.</summary>
public sealed class ExplorationOptions
{
    public const string SectionName = "Exploration";

    /// <summary>Share of the places of a list that go to an item drawn by chance, 0 (none, the default) to 0.5.</summary>
    [Range(0, 0.5)]
    public double Share { get; set; }

    /// <summary>The draw is among so many of the best items behind the list.</summary>
    [Range(1, 1000)]
    public int Pool { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class ExplorationOptionsValidator : IValidateOptions<ExplorationOptions>;
