using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RecSys.Api.Hosting.Audit;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting.Audit;

public sealed class AuditTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AdminCalls_AllowedAndRefused_AreEntriesWithPseudonymsAndWithoutTokens()
    {
        await using var server = await BareServer.StartAsync(routes =>
            routes.MapPost("/models/{version}/promote", (string version) => Results.Ok()).RequireAuthorization(Scopes.Admin)
                .CountsAs(OperationClass.Admin));
        using var admin = server.Client("root", "admin");
        using var user = server.Client("alice", "catalog:write");
        using var anonymous = server.Client();

        foreach (var client in (HttpClient[])[admin, user, anonymous])
        {
            using var promote = await client.PostAsync("/models/v1.0.0/promote", null, Token);
            await client.CallAsync("PUT", "/users/bob", "{}");
        }
        using var read = await admin.GetAsync("/popular", Token);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);

        var text = await File.ReadAllTextAsync(Path.Combine(server.DataFolder, AuditLog.FileName), Token);
        var entries = text.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["POST /models/{version}/promote 200", "PUT /users/{id} 201", "POST /models/{version}/promote 403",
                "POST /models/{version}/promote 401"],
            entries.Select(entry => $"{entry.GetProperty("method")} {entry.GetProperty("route")} {entry.GetProperty("status")}"));
        Assert.Equal("v1.0.0", entries[0].GetProperty("target").GetProperty("version").GetString());
        var names = new Pseudonyms(server.DataFolder);
        Assert.Equal((names.Of("root"), names.Of("bob")),
            (entries[1].GetProperty("actor").GetString(), entries[1].GetProperty("target").GetProperty("id").GetString()));
        Assert.DoesNotContain("bob", text, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", text, StringComparison.Ordinal);
        Assert.DoesNotContain(admin.DefaultRequestHeaders.Authorization!.Parameter!, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_BeyondTheLimit_TurnsTheFilesAndDropsTheOldest()
    {
        using var folder = new TemporaryFolder();
        var log = new AuditLog(folder.Path, TimeProvider.System, new ListLogger<AuditLog>());
        var large = new AuditEntry(DateTimeOffset.UnixEpoch, null, "POST", new string('x', 1024 * 1024), new Dictionary<string, string>(),
            200, "t");

        for (var i = 0; i < 70; i++) log.Write(large);

        var files = Directory.GetFiles(folder.Path, "audit*.jsonl");
        Assert.Equal(AuditLog.KeptFiles + 1, files.Length);
        Assert.All(files, file => Assert.True(new FileInfo(file).Length < AuditLog.MaxBytes));
    }

    [Fact]
    public async Task Forget_PseudonymInOldAndNewFiles_IsGoneFromAllAndTheRestStands()
    {
        using var folder = new TemporaryFolder();
        var log = new AuditLog(folder.Path, TimeProvider.System, new ListLogger<AuditLog>());
        string[] files = [AuditLog.FileName, "audit.1.jsonl", "audit.5.jsonl", AuditLog.CatalogueFileName, "audit-catalogue.2.jsonl"];
        foreach (var file in files)
            await File.WriteAllTextAsync(Path.Combine(folder.Path, file), "{\"actor\":\"u-1\"}\n{\"actor\":\"u-12\"}\n", Token);
        var untouched = Path.Combine(folder.Path, "audit.3.jsonl");
        await File.WriteAllTextAsync(untouched, "{\"actor\":\"u-12\"}\n", Token);
        var written = File.GetLastWriteTimeUtc(untouched);

        log.Forget(["u-1"]);

        foreach (var file in files)
            Assert.Equal("{\"actor\":\"u-erased\"}\n{\"actor\":\"u-12\"}\n",
                await File.ReadAllTextAsync(Path.Combine(folder.Path, file), Token));
        Assert.Equal((1L, written), (File.ReadLines(untouched).LongCount(), File.GetLastWriteTimeUtc(untouched)));
    }

    [Fact]
    public void Write_FolderThatCannotBeWritten_IsInTheLogOnceAndDoesNotThrow()
    {
        var logger = new ListLogger<AuditLog>();
        var log = new AuditLog("/dev/null/nowhere", TimeProvider.System, logger);

        for (var i = 0; i < 3; i++)
            log.Write(new AuditEntry(DateTimeOffset.UnixEpoch, "u-1", "POST", "/x", new Dictionary<string, string>(), 200, "t"));

        Assert.Equal(3, logger.Messages.Count(message => message.StartsWith("Audit:", StringComparison.Ordinal)));
        Assert.Equal(1, logger.Messages.Count(message => message.StartsWith("Audit entries cannot", StringComparison.Ordinal)));
    }

    [Fact]
    public void Pseudonyms_SameKey_SameNames_OtherKey_Others()
    {
        using var one = new TemporaryFolder();
        using var two = new TemporaryFolder();

        Assert.Equal(new Pseudonyms(one.Path).Of("alice"), new Pseudonyms(one.Path).Of("alice"));
        Assert.NotEqual(new Pseudonyms(one.Path).Of("alice"), new Pseudonyms(one.Path).Of("bob"));
        Assert.NotEqual(new Pseudonyms(one.Path).Of("alice"), new Pseudonyms(two.Path).Of("alice"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(one["pseudonym.key"]));
    }
}
