using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Settings of the freshness rule, section <c>Freshness</c>.</summary>
public sealed class FreshnessOptions
{
    public const string SectionName = "Freshness";

    /// <summary>Boost of an item that is new today, as a fraction of its score.</summary>
    [Range(0.0, 1.0)]
    public double Boost { get; set; } = 0.09;

    /// <summary>Days of age that take one percent of boost away.</summary>
    [Range(0.001, 1000)]
    public double DaysPerPercent { get; set; } = 6;
}

[OptionsValidator]
internal sealed partial class FreshnessOptionsValidator : IValidateOptions<FreshnessOptions>;
