using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>
/// Bounds of what is exported: whose instruments, how many series each may have, and the buckets of what a request takes.
/// </summary>
/// <param name="own">
/// What makes this server's instruments: those that another server of the same process makes are not exported. Empty: all are.
/// </param>
internal sealed class MetricViews(params IReadOnlyCollection<IMeterFactory> own)
{
    /// <summary>Most series of one instrument; what is beyond is added up in one more.</summary>
    public const int MostSeries = 200;

    // Routes times methods times statuses, as they occur.
    private const int MostSeriesOfRequests = 1000;
    private const string RequestDuration = "http.server.request.duration";

    /// <summary>What is exported of an instrument. Those of the runtime belong to no server.</summary>
    public MetricStreamConfiguration Of(Instrument instrument)
    {
        if (own.Count > 0 && instrument.Meter.Scope is IMeterFactory scope && !own.Contains(scope)) return MetricStreamConfiguration.Drop;
        return instrument.Name == RequestDuration
            ? new ExplicitBucketHistogramConfiguration
            {
                Boundaries = [.. DurationBuckets.OfRequests.HistogramBucketBoundaries!],
                CardinalityLimit = MostSeriesOfRequests,
            }
            : new MetricStreamConfiguration { CardinalityLimit = MostSeries };
    }
}
