using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Hosting;

/// <summary>How a server ends, section <c>Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    public const string SectionName = "Shutdown";

    /// <summary>
    /// Seconds between the failing readiness and the closed port, in which load balancers find out; everything is still answered.
    /// </summary>
    [Range(0.0, 300.0)]
    public double DelaySeconds { get; set; } = 5;

    /// <summary>Seconds that requests at hand get after that.</summary>
    [Range(1.0, 300.0)]
    public double DrainSeconds { get; set; } = 20;
}
