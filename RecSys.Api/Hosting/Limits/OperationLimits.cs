using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Hosting.Limits;

/// <summary>The limits of one class of operations.</summary>
internal sealed class OperationLimits
{
    /// <summary>Requests per second of one user, or of one address without a token, in the long run.</summary>
    [Range(0.01, 1_000_000)]
    public double PerSecond { get; set; } = 20;

    /// <summary>Requests that a user or an address may send at once after a pause.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 100;

    /// <summary>The same for a token with the scope <c>service</c> or <c>admin</c>, which speaks for many users.</summary>
    [Range(0.01, 10_000_000)]
    public double ServicePerSecond { get; set; } = 5_000;

    [Range(1, 10_000_000)]
    public int ServiceBurst { get; set; } = 10_000;

    /// <summary>
    /// Requests of the class that are worked on at the same time, all clients together; 0: twice the number of processor cores, at least
    /// four.
    /// </summary>
    [Range(0, 100_000)]
    public int Concurrency { get; set; }

    /// <summary>Requests that may wait for their turn; further ones are refused at once.</summary>
    [Range(0, 100_000)]
    public int Queue { get; set; } = 32;

    /// <summary><see cref="Concurrency"/> with 0 replaced.</summary>
    public int EffectiveConcurrency() => Concurrency > 0 ? Concurrency : Math.Max(4, 2 * Environment.ProcessorCount);
}
