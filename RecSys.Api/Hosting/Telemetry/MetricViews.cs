using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>Bounds of what is exported: how many series an instrument may have, and the buckets of what a request takes.</summary>
internal static class MetricViews
{
    /// <summary>Most series of one instrument; what is beyond is added up in one more.</summary>
    public const int MostSeries = 200;

    // Routes times methods times statuses, as they occur.
    private const int MostSeriesOfRequests = 1000;
    private const string RequestDuration = "http.server.request.duration";

    public static MetricStreamConfiguration Of(Instrument instrument) => instrument.Name == RequestDuration
        ? new ExplicitBucketHistogramConfiguration
        {
            Boundaries = [.. DurationBuckets.OfRequests.HistogramBucketBoundaries!],
            CardinalityLimit = MostSeriesOfRequests,
        }
        : new MetricStreamConfiguration { CardinalityLimit = MostSeries };
}
