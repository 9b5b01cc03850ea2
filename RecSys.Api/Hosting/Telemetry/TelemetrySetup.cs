using System.Diagnostics.Metrics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Monitoring;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>Exports what capabilities measure: metrics for whoever collects them, spans and logs where a collector takes them.</summary>
internal static class TelemetrySetup
{
    /// <summary>Registers exporters. Without anybody to export to there is none, and nothing listens to the instruments.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="options">Collector and share of the requests.</param>
    /// <param name="scraped">True when metrics can be had over HTTP.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, MonitoringOptions options, bool scraped)
    {
        var sends = options.OtlpEndpoint is not null;
        if (!sends && !scraped) return;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("recsys", serviceVersion: CodeVersion.Commit));
        // What catches up with the log is measured from before there is a host; a server of fixed lists has no log.
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) => Measure(
            metrics, services.GetService<EventMetrics>() is { } events
                ? [services.GetRequiredService<IMeterFactory>(), events.Meters] : [services.GetRequiredService<IMeterFactory>()]));
        telemetry.WithMetrics(metrics =>
        {
            // Who looks twice sees two moments.
            if (scraped) metrics.AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0);
            if (sends) metrics.AddOtlpExporter(exporter => Address(exporter, options, "metrics"));
        });
        if (!sends) return;
        if (options.TraceShare > 0)
        {
            telemetry.WithTracing(traces => traces
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)))
                .AddSource([.. Meters.Sources])
                .AddAspNetCoreInstrumentation(SpanPrivacy.Configure)
                .AddOtlpExporter(exporter => Address(exporter, options, "traces")));
        }
        // Without scopes: ASP.NET Core's hold the path, and paths hold ids of users. Ids of trace and span come by themselves.
        telemetry.WithLogging(
            logs => logs.AddOtlpExporter(exporter => Address(exporter, options, "logs")), logs => logs.IncludeFormattedMessage = true);
    }

    /// <summary>Listens to every instrument of a server, or of all in this process, within the bounds.</summary>
    public static MeterProviderBuilder Measure(MeterProviderBuilder metrics, params IReadOnlyCollection<IMeterFactory> own) =>
        metrics.AddMeter([.. Meters.OwnNames, .. Meters.OfRuntime]).AddProcessInstrumentation().AddView(new MetricViews(own).Of);

    private static void Address(OtlpExporterOptions exporter, MonitoringOptions options, string signal)
    {
        var http = options.OtlpProtocol == MonitoringOptions.OtlpHttp;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = http ? new Uri($"{options.OtlpEndpoint!.TrimEnd('/')}/v1/{signal}") : new Uri(options.OtlpEndpoint!);
    }
}
