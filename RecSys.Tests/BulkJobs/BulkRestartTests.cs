using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;
using static RecSys.Tests.BulkJobs.BulkCalls;

namespace RecSys.Tests.BulkJobs;

/// <summary>Jobs of a server that stopped or was killed.</summary>
public sealed class BulkRestartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_OfAServerThatStops_IsInterruptedAndTheSameFileGoesOn()
    {
        using var folder = new TemporaryFolder();
        var rows = Rows(20_000, n => $$"""{"id":"i{{n}}","title":"t","category":"c"}""");
        Reply posted, queued;
        await using (var server = await BareServer.StartOverAsync(folder.Path, ("Bulk:ChunkRows", "10")))
        {
            using var client = server.Client("editor", "catalog:write");
            posted = await client.CallAsync("POST", "/bulk/items", rows, Lines);
            queued = await client.CallAsync("POST", "/bulk/items", rows, Lines);
            await Calls.EventuallyAsync(() => client.CallAsync("GET", $"/bulk/jobs/{posted.String("id")}"), job => job.Number("added") > 0);
        }

        await using var again = await BareServer.StartOverAsync(folder.Path);
        using var editor = again.Client("editor", "catalog:write");
        var interrupted = await editor.CallAsync("GET", $"/bulk/jobs/{posted.String("id")}");
        Assert.Equal(("interrupted", "interrupted"),
            (interrupted.String("state"), (await editor.CallAsync("GET", $"/bulk/jobs/{queued.String("id")}")).String("state")));
        Assert.Contains("post the same file again", interrupted.String("reason"), StringComparison.Ordinal);
        var stored = interrupted.Number("added");
        Assert.InRange(stored, 10, 19_990);

        var resumed = await RunAsync(editor, "items", rows);

        Assert.Equal((20_000 - stored, stored), (resumed.Number("added"), resumed.Number("unchanged")));
    }

    [Fact]
    public async Task Job_OfAServerThatWasKilled_IsInterrupted()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["bulk"]);
        await File.WriteAllTextAsync(folder["bulk/bulk_0123456789abcdef.json"], """
            {"Id":"bulk_0123456789abcdef","Kind":"Items","ValidateOnly":false,"CreatedAt":"2026-01-01T00:00:00+00:00","BytesTotal":5,"State":"Running","Rows":3,"Added":3}
            """, Token);
        await File.WriteAllTextAsync(folder["bulk/bulk_0123456789abcdef.rows"], "{}", Token);
        await File.WriteAllTextAsync(folder["bulk/bulk_ffffffffffffffff.json"], "damaged", Token);

        await using var server = await BareServer.StartOverAsync(folder.Path);
        using var client = server.Client("editor", "catalog:write");
        var jobs = (await client.CallAsync("GET", "/bulk/jobs")).Body.GetProperty("jobs");

        Assert.Equal(1, jobs.GetArrayLength());
        Assert.Equal(("interrupted", 3), (jobs[0].GetProperty("state").GetString(), jobs[0].GetProperty("added").GetInt32()));
        Assert.Equal(["bulk_0123456789abcdef.json"], Directory.GetFiles(folder["bulk"]).Select(Path.GetFileName));
    }
}
