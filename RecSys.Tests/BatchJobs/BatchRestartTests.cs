using System.Net;
using System.Text.Json;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.BatchJobs;

/// <summary>Batch jobs of servers that stopped, and of one that has no model.</summary>
[Collection(ServedCollection.Name)]
public sealed class BatchRestartTests
{
    private const string Running = "batch_0123456789abcdef", Done = "batch_1123456789abcdef", Old = "batch_2123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_KeepsResultsAndSaysWhatWasInterrupted()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["batch"]);
        var now = TimeProvider.System.GetUtcNow();
        await WriteAsync(folder, Running, "Running", now, null);
        await WriteAsync(folder, Done, "Done", now.AddMinutes(-1), now);
        await WriteAsync(folder, Old, "Done", now.AddHours(-80), now.AddHours(-79));
        foreach (var file in (string[])[$"{Running}.request", $"{Running}.part", $"{Old}.result.jsonl"])
            await File.WriteAllTextAsync(folder[$"batch/{file}"], "{}", Ct);
        await File.WriteAllTextAsync(folder[$"batch/{Done}.result.jsonl"],
            "{\"user_id\":\"stays\",\"items\":[]}\n{\"user_id\":\"goes\",\"items\":[]}\n", Ct);

        await using var server = await BareServer.StartOverAsync(folder.Path);
        using var client = server.Client("root", "admin");
        await client.CallAsync("DELETE", "/users/goes");
        var jobs = await Calls.EventuallyAsync(() => client.CallAsync("GET", "/recommend/batch"),
            reply => reply.Body.GetProperty("jobs").GetArrayLength() == 2);
        var result = await client.CallAsync("GET", $"/recommend/batch/{Done}/result");
        var interrupted = await client.CallAsync("GET", $"/recommend/batch/{Running}");

        Assert.Equal([Running, Done], jobs.Body.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()));
        Assert.Equal("{\"user_id\":\"stays\",\"items\":[]}\n", result.Text);
        Assert.Equal("interrupted", interrupted.String("state"));
        Assert.Contains("post the request again", interrupted.String("reason"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await client.CallAsync("GET", $"/recommend/batch/{Running}/result")).Status);
        Assert.Equal(
            [$"{Running}.json", $"{Done}.json", $"{Done}.result.jsonl"],
            Directory.GetFiles(folder["batch"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Job_WithoutAModel_FailsAndSaysSo()
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client("root", "admin");

        var posted = await client.CallAsync("POST", "/recommend/batch", """{"user_ids":["a"]}""");
        var ended = await Calls.EventuallyAsync(() => client.CallAsync("GET", $"/recommend/batch/{posted.String("id")}"),
            job => job.String("state") is not ("queued" or "running"));

        Assert.Equal((HttpStatusCode.Accepted, "failed"), (posted.Status, ended.String("state")));
        Assert.Contains("There is no model", ended.String("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_MoreThanMayBe_Are400()
    {
        await using var server = await BareServer.StartAsync(null, ("Batch:MaxUsers", "2"));
        using var client = server.Client("root", "admin");

        var reply = await client.CallAsync("POST", "/recommend/batch", """{"user_ids":["a","b","c"]}""");

        Assert.Equal((HttpStatusCode.BadRequest, "/user_ids"), (reply.Status, reply.Faults[0]));
    }

    private static Task WriteAsync(TemporaryFolder folder, string id, string state, DateTimeOffset created, DateTimeOffset? ended) =>
        File.WriteAllTextAsync(folder[$"batch/{id}.json"],
            JsonSerializer.Serialize(new { Id = id, CreatedAt = created, UsersTotal = 2, State = state, EndedAt = ended }), Ct);
}
