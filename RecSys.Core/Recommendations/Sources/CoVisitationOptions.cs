using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Settings of the source of items that are chosen together, section <c>CoVisitation</c>.</summary>
public sealed class CoVisitationOptions
{
    public const string SectionName = "CoVisitation";

    /// <summary>Most candidates; 0 turns the source off.</summary>
    [Range(0, 10_000)]
    public int Limit { get; set; } = 100;

    /// <summary>Two items are chosen together when one user's events on them lie at most so many hours apart.</summary>
    [Range(0.01, 8760)]
    public double WindowHours { get; set; } = 24;

    /// <summary>A joint choice counts e^(-age / this many days).</summary>
    [Range(0.1, 3650)]
    public double DecayDays { get; set; } = 60;

    /// <summary>Most neighbours remembered per item; 8 bytes each.</summary>
    [Range(4, 1024)]
    public int Neighbours { get; set; } = 32;
}

[OptionsValidator]
internal sealed partial class CoVisitationOptionsValidator : IValidateOptions<CoVisitationOptions>;
