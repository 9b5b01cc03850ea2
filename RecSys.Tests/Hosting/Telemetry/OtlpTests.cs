using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting.Telemetry;

/// <summary>A server process that sends to a collector in the test.</summary>
[Collection(ServedCollection.Name)]
public sealed class OtlpTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_Traced_SendsASpanPerStageAndDependencyAndNoIds()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Token);
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync(null, [.. To(receiver), "--set", "Monitoring:TraceShare=1"]);
        var user = server.World.Users[0].Id;

        await rig.RecommendAsync(user);
        await rig.RecommendAsync(user);
        (await rig.Client.GetAsync(rig.At($"/users/{user}"), Token)).Dispose();
        (await rig.PostAsync(new Event
        {
            Id = "e1", UserId = user, ItemId = server.World.Items[0].Id, Type = EventType.Click, Time = TimeProvider.System.GetUtcNow(),
        })).Dispose();
        await rig.StopAsync();

        var requests = receiver.Spans.Where(span => span.Attributes.GetValueOrDefault("http.route") == "/recommend").ToList();
        Assert.Equal(2, requests.Count);
        Assert.All(requests, request =>
        {
            var stages = receiver.Spans.Where(span => span.Parent == request.Id).Select(span => span.Name).ToList();
            Assert.Equal(StageNames, stages.Order(StringComparer.Ordinal));
            var retrieve = receiver.Spans.Single(span => span.Name == "retrieve" && span.Parent == request.Id);
            Assert.Contains(receiver.Spans, span => span.Name == "vector_search" && span.Parent == retrieve.Id);
        });
        Assert.Contains(receiver.Spans, span => span.Name == "log_commit");
        Assert.DoesNotContain(receiver.Spans, span =>
            span.Attributes.Values.Append(span.Name).Any(text => text.Contains(user, StringComparison.Ordinal)));
        Assert.True(receiver.PostsOf("/v1/metrics") > 0);
        Assert.Contains(receiver.Logs, log => Encoding.UTF8.GetString(log).Contains("Told to stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_NotTraced_SendsMetricsAndNoSpan()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Token);
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync(null, [.. To(receiver), "--set", "Monitoring:TraceShare=0"]);

        await rig.RecommendAsync(server.World.Users[0].Id);
        await rig.StopAsync();

        Assert.True(receiver.PostsOf("/v1/metrics") > 0);
        Assert.Equal(0, receiver.PostsOf("/v1/traces"));
    }

    [Fact]
    public async Task Serve_CollectorAbsent_AnswersAndStops()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync(null, "--set", $"Monitoring:OtlpEndpoint=http://127.0.0.1:{LoopbackPort.Free()}", "--set",
            "Monitoring:TraceShare=1");

        Assert.Equal(20, (await rig.RecommendAsync(server.World.Users[0].Id)).Items.Length);
        await rig.StopAsync();
    }

    // A plain request has nothing for the stages of filter, boost and seeds to do.
    private IEnumerable<string> StageNames => RecommendationStages.Find(RecommendationStages.InOrder, server.Services.GetServices<IStage>())
        .Select(entry => entry.Stage.Name).Except(
        [
            "given_items", "narrow", "seed_items", "filter_request", "boost", "rules", "pinned", "filter_rules", "rule_boost",
            "arrange", "pins",
        ]).Order(StringComparer.Ordinal);

    private static string[] To(OtlpReceiver receiver) =>
        ["--set", $"Monitoring:OtlpEndpoint={receiver.Address}", "--set", "Monitoring:OtlpProtocol=http"];
}
