using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Settings of the source of trending items, section <c>Trending</c>.</summary>
public sealed class TrendingOptions
{
    public const string SectionName = "Trending";

    /// <summary>Most candidates; 0 turns the source off.</summary>
    [Range(0, 1000)]
    public int Limit { get; set; } = 50;
}

[OptionsValidator]
internal sealed partial class TrendingOptionsValidator : IValidateOptions<TrendingOptions>;
