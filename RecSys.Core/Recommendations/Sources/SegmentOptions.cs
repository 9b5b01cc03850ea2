using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>What is popular in a segment of users (device, place, age and gender), section <c>Segments</c>.</summary>
public sealed class SegmentOptions
{
    public const string SectionName = "Segments";

    /// <summary>An event counts e^(-age / this many days).</summary>
    [Range(0.1, 3650)]
    public double DecayDays { get; set; } = 30;

    /// <summary>Events (decayed) from which on a segment's own popularity is trusted; below, a coarser segment answers.</summary>
    [Range(1.0, 1_000_000.0)]
    public double MinEvents { get; set; } = 200;
}

[OptionsValidator]
internal sealed partial class SegmentOptionsValidator : IValidateOptions<SegmentOptions>;
