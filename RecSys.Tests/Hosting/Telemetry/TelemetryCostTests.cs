using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Windows;
using RecSys.Core.Pipeline;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Hosting.Telemetry;

public sealed class TelemetryCostTests
{
    [Fact]
    public void Clock_OfARequest_AllocatesNothing()
    {
        var clock = new RequestClock(new LatencyWindows(TimeProvider.System), TimeProvider.System);
        var response = new DefaultHttpContext().Response;

        Assert.Equal(0, Allocations.OfWarm(200, () =>
        {
            clock.Begin(response);
            clock.Enter(RequestPart.Authentication);
            clock.Enter(RequestPart.Admission);
            clock.EnterPipeline();
            clock.Enter(RequestPart.ResponseFormatting);
            clock.Record();
        }));
    }

    [Fact]
    public void Request_ExportedAsMetricsAndNotTraced_AllocatesNothing()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new PipelineMetrics(services.GetRequiredService<IMeterFactory>());
        var context = new RecommendationContext { NotPersonal = "unknown_user" };
        context.Degrade("rank");
        context.Candidates.Open(new TestStage("add", StageKind.Retrieve, _ => { }));
        for (var item = 0; item < 20; item++) context.Candidates.Add(item, CandidateSources.Popular);
        void Request()
        {
            using var activity = PipelineMetrics.Activities.StartActivity("rank");
            metrics.StageFinished("rank", TimeSpan.FromMilliseconds(1), late: true);
            metrics.StageCutShort("rank");
            metrics.StageFailed("rank");
            metrics.RequestFinished(context);
        }
        // The same view, and the same listener, as the server's.
        using var exporting = TelemetrySetup.Measure(Sdk.CreateMeterProviderBuilder())
            .AddReader(new BaseExportingMetricReader(new Nowhere())).Build();

        Assert.Equal(0, Allocations.OfWarm(200, Request));
    }

    private sealed class Nowhere : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
