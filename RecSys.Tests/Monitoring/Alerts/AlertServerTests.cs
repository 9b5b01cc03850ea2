using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Hosting.Audit;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;
using RecSys.Tests.Hosting.Telemetry;
using WebhookSink = RecSys.Api.Commands.Bench.Alerts.WebhookSink;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>The real server on a disk that becomes full, and its routes.</summary>
public sealed class AlertServerTests : IAsyncLifetime
{
    private WebhookSink receiver = null!;

    public async ValueTask InitializeAsync() => receiver = await WebhookSink.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await receiver.DisposeAsync();

    [Fact]
    public async Task FullDisk_IsRed_IsToldOnce_AlsoOverARestart_AndResolved()
    {
        using var disk = SmallDisk.Mount(64);
        await using (var server = await StartAsync(disk.Path))
        {
            using var admin = server.Client("root", "admin");
            await LightAsync(admin, "green");
            // 4 % stay: room for what a server writes.
            disk.Fill(leave: 64 * 1024 * 1024 / 25);

            var report = (await LightAsync(admin, "red")).Body;
            var active = Assert.Single(report.GetProperty("active").EnumerateArray().ToList());
            Assert.Equal(("disk_free", "red", 0.05, "share", "docs/runbook.md#alert-disk_free"), (
                active.GetProperty("name").GetString(), active.GetProperty("level").GetString(),
                active.GetProperty("threshold").GetDouble(), active.GetProperty("unit").GetString(),
                active.GetProperty("runbook").GetString()));
            Assert.InRange(active.GetProperty("value").GetDouble(), 0.01, 0.05);
            Assert.StartsWith("disk_free: The disk of the data folder is nearly full: ",
                report.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
            await ToldAsync(pages: 1, chats: 1);

            var acted = await Calls.EventuallyAsync(() => admin.CallAsync("GET", "/monitoring/alerts"), reply =>
                reply.Body.GetProperty("active")[0].GetProperty("acted").GetArrayLength() == 1);
            Assert.StartsWith("post_mortem: draft in postmortems/",
                acted.Body.GetProperty("active")[0].GetProperty("acted")[0].GetString(), StringComparison.Ordinal);
            Assert.Contains("\"route\":\"post_mortem\"",
                await File.ReadAllTextAsync(Path.Combine(disk.Path, AuditLog.FileName), TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        }

        await using (var again = await StartAsync(disk.Path))
        {
            using var admin = again.Client("root", "admin");
            var looked = await Calls.EventuallyAsync(() => admin.CallAsync("GET", "/monitoring/alerts"), reply =>
                reply.Body.GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == "memory")
                    .GetProperty("state").GetString() != "no_data");
            Assert.Equal("red", looked.String("light"));
            await ToldAsync(pages: 1, chats: 1);

            disk.Free();
            var well = (await LightAsync(admin, "green")).Body;
            await ToldAsync(pages: 2, chats: 2);
            Assert.Equal(["red to green", "green to red"], well.GetProperty("history").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("from").GetString()} to {entry.GetProperty("to").GetString()}"));
        }
        var posts = receiver.BodiesTo("/v2/enqueue");
        Assert.Equal(["trigger", "resolve"], posts.Select(post => post.GetProperty("event_action").GetString()));
        Assert.Equal(posts[0].GetProperty("dedup_key").GetString(), posts[1].GetProperty("dedup_key").GetString());
    }

    [Fact]
    public async Task Alerts_OnAServerThatIsWell_ShowEveryRule_OnPageAndInMetrics()
    {
        await using var server = await BareServer.StartAsync(null, ("Alerts:EverySeconds", "1"));
        using var admin = server.Client("root", "admin");

        var reply = await Calls.EventuallyAsync(() => admin.CallAsync("GET", "/monitoring/alerts"), each =>
            Rule(each, "disk_free").GetProperty("state").GetString() != "no_data");

        Assert.Equal(AlertRules.All.Select(rule => rule.Name),
            reply.Body.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()));
        var latency = Rule(reply, "latency_p99");
        Assert.Equal((0.085, 0.15, "no_data", JsonValueKind.Null), (latency.GetProperty("yellow").GetDouble(),
            latency.GetProperty("red").GetDouble(), latency.GetProperty("state").GetString(), latency.GetProperty("value").ValueKind));
        Assert.InRange(Rule(reply, "memory").GetProperty("value").GetDouble(), 0.0001, 1);
        Assert.Equal(0, Rule(reply, "event_lag").GetProperty("value").GetDouble());

        var metrics = Exposition.Parse(await admin.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
        Assert.Equal(AlertRules.All.Count, metrics.Sum("recsys_alert_state"));
        Assert.Equal(3, metrics.Of("recsys_alert_state", ("rule", "psi")).Count());
        Assert.Single(metrics.Of("recsys_alert_value", ("rule", "memory")));
        // Without data there is no value: a 0 would be one.
        Assert.Empty(metrics.Of("recsys_alert_value", ("rule", "latency_p99")));
    }

    [Fact]
    public async Task Silence_IsMadeShownAndEnded_AndAudited()
    {
        await using var server = await BareServer.StartAsync();
        using var admin = server.Client("root", "admin");

        var made = await admin.CallAsync("POST", "/monitoring/alerts/silences", """{"rule":"cpu","minutes":30,"reason":"a backup"}""");

        Assert.Equal(HttpStatusCode.OK, made.Status);
        var told = (await admin.CallAsync("GET", "/monitoring/alerts")).Body;
        var shown = Assert.Single(told.GetProperty("silences").EnumerateArray().ToList());
        Assert.Equal((made.String("id"), "cpu", "a backup", server.Services.GetRequiredService<Pseudonyms>().Of("root")), (
            shown.GetProperty("id").GetString(), shown.GetProperty("rule").GetString(), shown.GetProperty("reason").GetString(),
            shown.GetProperty("by").GetString()));
        var path = $"/monitoring/alerts/silences/{made.String("id")}";
        Assert.Equal(HttpStatusCode.NoContent, (await admin.CallAsync("DELETE", path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.CallAsync("DELETE", path)).Status);
        var audit = await File.ReadAllTextAsync(Path.Combine(server.DataFolder, AuditLog.FileName), TestContext.Current.CancellationToken);
        Assert.Contains("\"method\":\"POST\",\"route\":\"/monitoring/alerts/silences\"", audit, StringComparison.Ordinal);
        Assert.Contains("\"method\":\"DELETE\",\"route\":\"/monitoring/alerts/silences/{id}\"", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_ThatCannotBeStored_Is202WithANote_AndSoIsItsEnd()
    {
        await using var server = await BareServer.StartAsync(null, ("Alerts:EverySeconds", "1"));
        using var admin = server.Client("root", "admin");
        var file = Path.Combine(server.DataFolder, "monitoring", "alerts.json");
        Directory.CreateDirectory(file);

        var made = await admin.CallAsync("POST", "/monitoring/alerts/silences", """{"rule":"cpu","minutes":30,"reason":"a backup"}""");

        Assert.Equal(HttpStatusCode.Accepted, made.Status);
        Assert.Contains("a restart before that forgets it", made.String("note"), StringComparison.Ordinal);
        var told = (await admin.CallAsync("GET", "/monitoring/alerts")).Body;
        Assert.False(told.GetProperty("stored").GetBoolean());
        Assert.Equal(made.String("id"), told.GetProperty("silences")[0].GetProperty("id").GetString());
        var ended = await admin.CallAsync("DELETE", $"/monitoring/alerts/silences/{made.String("id")}");
        Assert.Equal(HttpStatusCode.Accepted, ended.Status);
        Assert.Contains("not stored", ended.String("note"), StringComparison.Ordinal);

        Directory.Delete(file);
        await Calls.EventuallyAsync(
            () => admin.CallAsync("GET", "/monitoring/alerts"), reply => reply.Body.GetProperty("stored").GetBoolean());
        var stored = await admin.CallAsync("POST", "/monitoring/alerts/silences", """{"rule":"cpu","minutes":30,"reason":"a backup"}""");
        Assert.Equal((HttpStatusCode.OK, JsonValueKind.Null), (stored.Status, stored.Body.GetProperty("note").ValueKind));
    }

    [Theory]
    [InlineData("""{"rule":"nothing","minutes":5,"reason":"x"}""", "/rule")]
    [InlineData("""{"rule":"cpu","minutes":5}""", "/reason")]
    [InlineData("""{"rule":"cpu","minutes":5,"reason":" "}""", "/reason")]
    [InlineData("""{"rule":"cpu","minutes":0,"reason":"x"}""", "/minutes")]
    [InlineData("""{"rule":"cpu","minutes":10081,"reason":"x"}""", "/minutes")]
    [InlineData("""{"rule":"cpu","reason":"x"}""", "/until")]
    [InlineData("""{"rule":"cpu","reason":"x","minutes":5,"until":"2099-01-01T00:00:00Z"}""", "/until")]
    [InlineData("""{"rule":"cpu","reason":"x","until":"2020-01-01T00:00:00Z"}""", "/until")]
    [InlineData("""{"rule":"cpu","reason":"x","minutes":5,"for":"ever"}""", "")]
    public async Task Silence_ThatMakesNoSense_IsRefusedByItsField(string body, string field)
    {
        await using var server = await BareServer.StartAsync();
        using var admin = server.Client("root", "admin");

        var reply = await admin.CallAsync("POST", "/monitoring/alerts/silences", body);

        Assert.Equal((HttpStatusCode.BadRequest, field), (reply.Status, Assert.Single(reply.Faults)));
    }

    [Fact]
    public async Task Autoscaling_WithoutTraffic_WantsNothingAndSaysWhy()
    {
        await using var server = await BareServer.StartAsync();
        using var admin = server.Client("root", "admin");

        var reply = await admin.CallAsync("GET", "/monitoring/autoscaling");

        Assert.Equal((JsonValueKind.Null, 3L, 200L), (reply.Body.GetProperty("desired_replicas").ValueKind,
            reply.Number("min_replicas"), reply.Number("max_replicas")));
        // The first decision comes 15 s behind the start, and knows no latency.
        Assert.Matches("^(nothing was measured yet|as before: .*the mean latency.* not known)$", reply.String("why"));
    }

    private static JsonElement Rule(Reply reply, string name) => reply.Body.GetProperty("rules").EnumerateArray()
        .Single(rule => rule.GetProperty("name").GetString() == name);

    private static Task<Reply> LightAsync(HttpClient admin, string light) => Calls.EventuallyAsync(
        () => admin.CallAsync("GET", "/monitoring/alerts"),
        reply => reply.String("light") == light
            && reply.Body.GetProperty("rules").EnumerateArray().Any(rule => rule.GetProperty("value").ValueKind == JsonValueKind.Number));

    private async Task ToldAsync(int pages, int chats) => Assert.Equal((pages, chats), await Calls.EventuallyAsync(
        () => Task.FromResult((receiver.BodiesTo("/v2/enqueue").Count, receiver.BodiesTo("/chat").Count)),
        told => told.Item1 >= pages && told.Item2 >= chats));

    private Task<BareServer> StartAsync(string folder) => BareServer.StartOverAsync(
        folder, ("Alerts:EverySeconds", "1"), ("Alerts:GroupSeconds", "0"),
        ("Alerts:SlackUrl", new Uri(receiver.Address, "chat").ToString()), ("Alerts:PagerDutyRoutingKey", "key"),
        ("Alerts:PagerDutyUrl", new Uri(receiver.Address, "v2/enqueue").ToString()),
        ("Limits:Admin:PerSecond", 1000.ToString(CultureInfo.InvariantCulture)), ("Limits:Admin:Burst", "1000"));
}
