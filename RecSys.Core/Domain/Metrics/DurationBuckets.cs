using System.Diagnostics.Metrics;

namespace RecSys.Core.Domain.Metrics;

/// <summary>
/// Bounds of histograms of durations, seconds. All contain 5, 10, 20, 40, 50, 80, 100 and 150 ms, which objectives refer to.
/// </summary>
public static class DurationBuckets
{
    /// <summary>For work of a request: 0.25 ms to 1 s.</summary>
    public static InstrumentAdvice<double> OfRequests { get; } = new()
    {
        HistogramBucketBoundaries = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.05, 0.08, 0.1, 0.15, 0.25, 0.5, 1],
    };

    /// <summary>For work of the store, which may take long: 0.5 ms to 10 s.</summary>
    public static InstrumentAdvice<double> OfStores { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.05, 0.08, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10],
    };
}
