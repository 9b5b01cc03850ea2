using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Settings of the source of new items, section <c>NewItems</c>.</summary>
public sealed class NewItemOptions
{
    public const string SectionName = "NewItems";

    /// <summary>Days after its creation during which an item counts as new.</summary>
    [Range(0.01, 365)]
    public double Days { get; set; } = 14;

    /// <summary>New items proposed, as a fraction of the candidates; 0 turns the source off.</summary>
    [Range(0, 0.5)]
    public double Share { get; set; } = 0.05;
}

[OptionsValidator]
internal sealed partial class NewItemOptionsValidator : IValidateOptions<NewItemOptions>;
