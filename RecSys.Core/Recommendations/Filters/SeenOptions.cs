using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>When a seen item may come again, section <c>Seen</c>.</summary>
public sealed class SeenOptions
{
    public const string SectionName = "Seen";

    /// <summary>An item that was shown is not served again to the same user for this many days.</summary>
    [Range(0.0, 365.0)]
    public double DedupDays { get; set; } = 7;

    /// <summary>A consumed item is not served again for this many days; null: never again.</summary>
    [Range(0.0, 36_500.0)]
    public double? ConsumedDays { get; set; }
}

[OptionsValidator]
internal sealed partial class SeenOptionsValidator : IValidateOptions<SeenOptions>;
