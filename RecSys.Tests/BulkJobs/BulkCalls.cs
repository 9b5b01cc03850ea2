using System.Net;
using System.Text.Json;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.BulkJobs;

/// <summary>Posts files of rows and follows their jobs.</summary>
internal static class BulkCalls
{
    public const string Lines = "application/jsonl";

    public static string Rows(int count, Func<int, string> row) => string.Join('\n', Enumerable.Range(0, count).Select(row));

    public static async Task<Reply> RunAsync(HttpClient client, string kind, string rows)
    {
        var posted = await client.CallAsync("POST", $"/bulk/{kind}", rows, Lines);
        Assert.Equal(HttpStatusCode.Accepted, posted.Status);
        return await EndAsync(client, posted);
    }

    public static Task<Reply> EndAsync(HttpClient client, Reply posted) => Calls.EventuallyAsync(
        () => client.CallAsync("GET", $"/bulk/jobs/{posted.String("id")}"), job => job.String("state") is not ("queued" or "running"));

    public static async Task<IReadOnlyList<JsonElement>> RejectsAsync(HttpClient client, Reply job)
    {
        var reply = await client.CallAsync("GET", $"/bulk/jobs/{job.String("id")}/rejects");
        Assert.Equal((HttpStatusCode.OK, Lines), (reply.Status, reply.ContentType));
        return [.. reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
