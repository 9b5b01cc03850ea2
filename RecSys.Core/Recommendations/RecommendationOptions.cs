using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations;

/// <summary>
/// Settings of the request path as a whole, section <c>Recommendations</c>; each source, filter and rule has its own beside it.
/// </summary>
public sealed class RecommendationOptions
{
    public const string SectionName = "Recommendations";

    /// <summary>Candidates that reach the filters after seen items are allowed for.</summary>
    [Range(10, 10_000)]
    public int Candidates { get; set; } = 500;

    /// <summary>Users whose last good list is kept for the case that nothing else can be served; about 200 bytes each.</summary>
    [Range(0, 10_000_000)]
    public int LastLists { get; set; } = 50_000;

    /// <summary>
    /// Lists whose further places are kept for next pages, about 2 KB each; the oldest makes room early when there are more. 0 keeps none.
    /// </summary>
    [Range(0, 10_000_000)]
    public int OpenLists { get; set; } = 100_000;

    /// <summary>How long they are kept after the first page, minutes.</summary>
    [Range(1, 1440)]
    public int OpenListMinutes { get; set; } = 30;
}

[OptionsValidator]
internal sealed partial class RecommendationOptionsValidator : IValidateOptions<RecommendationOptions>;
