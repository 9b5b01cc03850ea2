using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Settings of the diversity rule, section <c>Diversity</c>.</summary>
public sealed class DiversityOptions
{
    public const string SectionName = "Diversity";

    /// <summary>At most this many items of one category among the first <see cref="Top"/>.</summary>
    [Range(1, 100)]
    public int MaxPerCategory { get; set; } = 3;

    /// <summary>How many first positions the rule looks at.</summary>
    [Range(1, 100)]
    public int Top { get; set; } = 10;
}

[OptionsValidator]
internal sealed partial class DiversityOptionsValidator : IValidateOptions<DiversityOptions>;
