using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Tests.EndToEnd;

namespace RecSys.Tests.Hosting.Telemetry;

/// <summary>What <c>/monitoring</c> says of requests that a process of its own was asked.</summary>
[Collection(ServedCollection.Name)]
public sealed class RequestTimesTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Latency_OfRealRequests_CountsAllAndItsPartsAddUp()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync(null, "--set", "Limits:Recommend:PerSecond=1", "--set", "Limits:Recommend:Burst=20");
        foreach (var user in server.World.Users.Take(60)) await rig.RecommendAsync(user.Id);
        using var client = new HttpClient { BaseAddress = rig.Server.Address };
        (await client.GetAsync("/recommend?user_id=a", Token)).Dispose();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerFixture.Token("a", "recommend:read"));
        (await client.GetAsync("/recommend?user_id=a&num_items=0", Token)).Dispose();
        // The log does not have it.
        (await client.GetAsync("/recommend?user_id=a&min_position=999999999", Token)).Dispose();
        var refused = 0;
        for (var i = 0; i < 40; i++)
        {
            using var response = await client.GetAsync("/recommend/?user_id=a", Token);
            if (response.StatusCode == HttpStatusCode.TooManyRequests) refused++;
        }
        (await client.GetAsync("/popular", Token)).Dispose();

        var report = await ReportAsync(rig, "5m");
        var total = report.GetProperty("total");
        var parts = report.GetProperty("parts").EnumerateArray().ToList();
        var rest = report.GetProperty("unattributed");

        Assert.InRange(refused, 1, 39);
        // Neither 429 nor 401 and 400, for a bad number and a position that nobody wrote, are failures, nor anything that was answered.
        Assert.Equal((100 - refused, 0, 0, refused + 3), (report.GetProperty("requests").GetInt32(),
            report.GetProperty("failures").GetInt32(), report.GetProperty("shed").GetInt32(), report.GetProperty("refused").GetInt32()));
        Assert.Equal((refused + 3) / 300.0, report.GetProperty("refused_per_second").GetDouble(), 0.02);
        Assert.Equal(RequestParts.Names, parts.Select(part => part.GetProperty("part").GetString()));
        Assert.All(parts, part => Assert.True(part.GetProperty("sum_ns").GetInt64() > 0, part.ToString()));
        Assert.Equal(total.GetProperty("sum_ns").GetInt64(),
            parts.Sum(part => part.GetProperty("sum_ns").GetInt64()) + rest.GetProperty("sum_ns").GetInt64());
        Assert.Equal(total.GetProperty("mean_ms").GetDouble(),
            parts.Sum(part => part.GetProperty("mean_ms").GetDouble()) + rest.GetProperty("mean_ms").GetDouble(), precision: 4);
        // Parts are within the total: no time is counted twice.
        Assert.True(rest.GetProperty("sum_ns").GetInt64() >= 0);
        string[] percentiles = ["p50_ms", "p75_ms", "p90_ms", "p95_ms", "p99_ms", "p999_ms"];
        var values = percentiles.Select(name => total.GetProperty(name).GetDouble()).ToList();
        Assert.Equal(values.Order(), values);
        Assert.True(values[0] > 0);
    }

    [Fact]
    public async Task Latency_AfterARestart_StillKnowsTheRequestsBefore()
    {
        await using var rig = await ProcessRig.CopyAsync(server);
        await rig.ServeAsync();
        foreach (var user in server.World.Users.Take(10)) await rig.RecommendAsync(user.Id);
        await rig.StopAsync();
        await rig.ServeAsync();
        foreach (var user in server.World.Users.Take(5)) await rig.RecommendAsync(user.Id);

        Assert.Equal(15, (await ReportAsync(rig, "1h")).GetProperty("requests").GetInt32());
        Assert.Equal(15, (await ReportAsync(rig, "24h")).GetProperty("requests").GetInt32());
    }

    [Theory]
    [InlineData("/monitoring/latency?window=2m", "must be one of 1m, 5m, 1h, 24h")]
    [InlineData("/monitoring/latency?window=", "must be one of 1m, 5m, 1h, 24h")]
    [InlineData("/monitoring/latency?windows=5m", "known are window")]
    [InlineData("/monitoring/health?window=5m", "has no parameters")]
    public async Task Monitoring_OtherParameters_AreRefused(string path, string why)
    {
        using var admin = await server.ClientAsync("root", "admin");

        using var response = await admin.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(why, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_OfARunningServer_TellsOfProcessAndMachine()
    {
        using var admin = await server.ClientAsync("root", "admin");

        using var report = JsonDocument.Parse(await admin.GetStringAsync("/monitoring/health", Token));
        var health = report.RootElement;

        Assert.InRange(health.GetProperty("processors").GetDouble(), 0.01, Environment.ProcessorCount);
        var memory = health.GetProperty("memory");
        Assert.InRange(memory.GetProperty("used_share").GetDouble(), 0.0001, 1);
        Assert.Equal(memory.GetProperty("used_bytes").GetInt64() / (double)memory.GetProperty("limit_bytes").GetInt64(),
            memory.GetProperty("used_share").GetDouble(), 0.0001);
        Assert.Equal(memory.GetProperty("resident_bytes").GetInt64() - memory.GetProperty("mapped_bytes").GetInt64(),
            memory.GetProperty("used_bytes").GetInt64());
        Assert.InRange(health.GetProperty("gc_pause_share").GetDouble(), 0, 1);
        Assert.True(health.GetProperty("data_folder").GetProperty("free_bytes").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, health.GetProperty("network").GetProperty("used_share").ValueKind);
        Assert.True(health.GetProperty("thread_pool").GetProperty("threads").GetInt32() > 0);
    }

    private static async Task<JsonElement> ReportAsync(ProcessRig rig, string window)
    {
        using var report = JsonDocument.Parse(await rig.Client.GetStringAsync(rig.At($"/monitoring/latency?window={window}"), Token));
        return report.RootElement.Clone();
    }
}
