using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>All instruments of the program as they are made; <c>docs/metrics.md</c> is their list.</summary>
internal static class MetricsPage
{
    /// <summary>The instruments of every class of <see cref="Meters.Own"/>, by name.</summary>
    public static IReadOnlyList<Instrument> Instruments()
    {
        using var meters = new OwnMeters();
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                // Servers of the same process have meters of the same names.
                if (meters.Made.Contains(instrument.Meter)) found.Add(instrument);
            },
        };
        foreach (var make in Meters.Own.Values) make(meters);
        listener.Start();
        return [.. found.OrderBy(instrument => instrument.Name, StringComparer.Ordinal)];
    }

    /// <summary>The name under which Prometheus finds an instrument: with its unit, and <c>_total</c> behind what only grows.</summary>
    public static string NameInPrometheus(Instrument instrument)
    {
        var unit = instrument.Unit switch
        {
            null or "" => "",
            "s" => "_seconds",
            "By" => "_bytes",
            var other => throw new InvalidOperationException($"{instrument.Name} has the unit {other}; use s, By, or none."),
        };
        return $"{instrument.Name}{unit}{(KindOf(instrument) == "counter" ? "_total" : "")}";
    }

    public static string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("""
            # Metrics

            Printed by `recsys metrics`; do not edit. `/metrics` has them in the text format of Prometheus, on
            `Monitoring:MetricsPort` and in Development on the server's own port, too; with `Monitoring:OtlpEndpoint` they are also
            sent by OTLP.

            Beside these there are the conventions of OpenTelemetry: `http_server_request_duration_seconds` (by route, method and
            status), `http_server_active_requests`, `kestrel_*` (connections), `dotnet_*` (collector, thread pool, exceptions) and
            `process_*` (processor time, memory, threads). Durations of requests have buckets at 5, 10, 20, 40, 50, 80, 100 and
            150 ms. A histogram has `_bucket`, `_sum` and `_count`. No tag ever holds an id of a user, an item or a request, and an
            instrument has at most

            """.ReplaceLineEndings("\n").TrimEnd());
        text.Append(CultureInfo.InvariantCulture,
            $" {MetricViews.MostSeries} series;\nwhat is beyond them is added up under `otel_metric_overflow`.\n\n");
        text.Append("| name | type | unit | tags | what it is | what to look at |\n|---|---|---|---|---|---|\n");
        foreach (var instrument in Instruments())
        {
            var notes = InstrumentNotes.Of(instrument)
                ?? throw new InvalidOperationException($"{instrument.Name} has no notes; say with Noted what to look at.");
            var tags = notes.Tags.Count == 0 ? "–" : string.Join(", ", notes.Tags.Select(tag => $"`{tag}`"));
            var unit = instrument.Unit switch { "s" => "seconds", "By" => "bytes", _ => "–" };
            text.Append(CultureInfo.InvariantCulture,
                $"| `{NameInPrometheus(instrument)}` | {KindOf(instrument)} | {unit} | {tags} ");
            text.Append(CultureInfo.InvariantCulture, $"| {instrument.Description} | {notes.Look} |\n");
        }
        return text.ToString();
    }

    private static string KindOf(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : name.Contains("Gauge", StringComparison.Ordinal) ? "gauge"
            : name.Contains("UpDown", StringComparison.Ordinal) ? "gauge"
            : "counter";
    }

    private sealed class OwnMeters : IMeterFactory
    {
        public HashSet<Meter> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            Made.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            foreach (var meter in Made) meter.Dispose();
        }
    }
}
