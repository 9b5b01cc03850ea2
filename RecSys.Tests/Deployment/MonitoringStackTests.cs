using System.Text.Json;
using RecSys.Api.Commands.Bench.Alerts;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Deployment;

/// <summary>
/// The files of <c>deploy/</c> in real Prometheus and Alertmanager beside a running server, with intervals of a second in place of theirs:
/// what goes wrong at the server reaches chat and pager.
/// </summary>
public sealed class MonitoringStackTests
{
    private const string PagerKey = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Fault_AtARunningServer_ReachesChatAndPager_ThroughPrometheusAndAlertmanager()
    {
        // It has no model, and everything beyond the first two requests of a client is refused: that is the fault.
        await using var server = await BareServer.StartAsync(
            null, ("Limits:Recommend:ServicePerSecond", "1"), ("Limits:Recommend:ServiceBurst", "2"), ("Alerts:EverySeconds", "1"));
        await using var receiver = await WebhookSink.StartAsync(TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        using var alertmanager = StartAlertmanager(folder, receiver.Address);
        using var prometheus = StartPrometheus(folder, server.Address, alertmanager.Address);
        await Task.WhenAll(alertmanager.ReadyAsync(http), prometheus.ReadyAsync(http));

        await Calls.EventuallyAsync(
            () => AskAsync(http, prometheus, "/api/v1/targets"),
            targets => targets.GetProperty("activeTargets").EnumerateArray().Count(target =>
                target.GetProperty("health").GetString() == "up") == 2);
        await Calls.EventuallyAsync(
            () => AskAsync(http, prometheus, "/api/v1/rules"),
            rules => RulesOf(rules).Select(rule => rule.GetProperty("health").GetString()).ToList() is var health
                && health.Count == RuleFile.All.Count && health.TrueForAll(each => each == "ok"));
        // The server has looked at itself, and what it saw is there to be alerted on.
        await Calls.EventuallyAsync(
            () => AskAsync(http, prometheus, "/api/v1/query?query=recsys_alert_state%7Brule%3D%22disk_free%22%7D"),
            found => found.GetProperty("result").GetArrayLength() == 3);

        // A fault is what happens over time: a rate needs a count before and one after.
        await AskManyAsync(server);
        var page = await Calls.EventuallyAsync(async () =>
        {
            await AskManyAsync(server);
            return PageOf(receiver, "error_rate");
        }, found => found.ValueKind == JsonValueKind.Object);
        await Calls.EventuallyAsync(() => Task.FromResult(ChatOf(receiver)), titles => titles.Any(IsErrorRate));

        Assert.Equal((PagerKey, "trigger"), (page.GetProperty("routing_key").GetString(), page.GetProperty("event_action").GetString()));
        Assert.Contains($"fail at {server.Address.Authority}", page.GetProperty("payload").GetProperty("summary").GetString(),
            StringComparison.Ordinal);
        Assert.Contains("docs/runbook.md#alert-error_rate", page.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ThatIsGone_IsPagedFromOutside()
    {
        await using var receiver = await WebhookSink.StartAsync(TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        using var alertmanager = StartAlertmanager(folder, receiver.Address);
        // Nobody listens there.
        using var prometheus = StartPrometheus(folder, new Uri($"http://127.0.0.1:{LoopbackPort.Free()}"), alertmanager.Address);
        await Task.WhenAll(alertmanager.ReadyAsync(http), prometheus.ReadyAsync(http));

        var page = await Calls.EventuallyAsync(
            () => Task.FromResult(PageOf(receiver, "does not answer")), found => found.ValueKind == JsonValueKind.Object);

        Assert.Equal(("trigger", "critical"), (page.GetProperty("event_action").GetString(),
            page.GetProperty("payload").GetProperty("severity").GetString()));
    }

    // Before its first scrape Prometheus may page that there is nobody to ask.
    private static JsonElement PageOf(WebhookSink receiver, string text) => receiver.BodiesTo("/v2/enqueue").FirstOrDefault(
        page => page.GetProperty("event_action").GetString() == "trigger" && page.GetRawText().Contains(text, StringComparison.Ordinal));

    private static async Task AskManyAsync(BareServer server)
    {
        using var client = server.Client("shop", "recommend:read", "service");
        for (var request = 0; request < 25; request++)
        {
            using var answer = await client.GetAsync("/recommend?user_id=somebody", TestContext.Current.CancellationToken);
            Assert.False(answer.IsSuccessStatusCode, "A server without a model answers nothing, and beyond the limits it refuses.");
        }
    }

    private static List<string> ChatOf(WebhookSink receiver) => [.. receiver.BodiesTo("/chat").SelectMany(post =>
        post.GetProperty("attachments").EnumerateArray().Select(each => each.GetProperty("title").GetString()!))];

    private static bool IsErrorRate(string title) => title.StartsWith("RecSys: red: ", StringComparison.Ordinal)
        && title.Contains("error_rate", StringComparison.Ordinal);

    private static IEnumerable<JsonElement> RulesOf(JsonElement data) => data.GetProperty("groups").EnumerateArray()
        .SelectMany(group => group.GetProperty("rules").EnumerateArray());

    private static async Task<JsonElement> AskAsync(HttpClient http, ToolProcess prometheus, string path)
    {
        var text = await http.GetStringAsync(new Uri(prometheus.Address, path), TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement.GetProperty("data");
    }

    private static ToolProcess StartAlertmanager(TemporaryFolder folder, Uri receiver)
    {
        var config = File.ReadAllText(Repository.File("deploy/alertmanager/alertmanager.yml"));
        config = Replaced(config, "/etc/alertmanager/secrets/slack-url", folder.Write("slack-url", $"{receiver}chat"));
        config = Replaced(config, "/etc/alertmanager/secrets/pagerduty-key", folder.Write("pagerduty-key", PagerKey));
        config = Replaced(config, "global:\n", $"global:\n  pagerduty_url: {receiver}v2/enqueue\n");
        config = Replaced(Replaced(config, "group_wait: 1m", "group_wait: 1s"), "group_wait: 30s", "group_wait: 1s");
        config = Replaced(config, "group_interval: 1m", "group_interval: 1s");
        var port = LoopbackPort.Free();
        return new ToolProcess(MonitoringTools.Alertmanager, port,
            $"--config.file={folder.Write("alertmanager.yml", config)}", $"--storage.path={folder["alertmanager"]}",
            $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=");
    }

    private static ToolProcess StartPrometheus(TemporaryFolder folder, Uri server, Uri alertmanager)
    {
        var port = LoopbackPort.Free();
        var config = File.ReadAllText(Repository.File("deploy/prometheus/prometheus.yml"));
        config = Replaced(config, "scrape_interval: 15s", "scrape_interval: 1s");
        config = Replaced(config, "evaluation_interval: 15s", "evaluation_interval: 1s");
        config = Replaced(config, "\"recsys:9464\"", $"\"{server.Authority}\"");
        config = Replaced(config, "\"alertmanager:9093\"", $"\"{alertmanager.Authority}\"");
        config = Replaced(config, "\"localhost:9090\"", $"\"127.0.0.1:{port}\"");
        foreach (var path in Directory.GetFiles(Repository.File("deploy/prometheus/rules")))
        {
            var rules = File.ReadAllText(path).Replace("for: 30s", "for: 1s", StringComparison.Ordinal)
                .Replace("for: 1m", "for: 1s", StringComparison.Ordinal);
            folder.Write($"rules/{Path.GetFileName(path)}", rules);
        }
        return new ToolProcess(MonitoringTools.Prometheus, port,
            $"--config.file={folder.Write("prometheus.yml", config)}", $"--storage.tsdb.path={folder["prometheus"]}",
            $"--web.listen-address=127.0.0.1:{port}");
    }

    private static string Replaced(string text, string old, string with)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, with, StringComparison.Ordinal);
    }
}
