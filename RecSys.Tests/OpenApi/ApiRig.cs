using System.Text.Json.Nodes;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Browsers;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.OpenApi;

[assembly: AssemblyFixture(typeof(ApiRig))]

namespace RecSys.Tests.OpenApi;

/// <summary>
/// A server process over a copy of the trained world that has one of everything that the page's calls ask for, the calls of the page made
/// to it, and its OpenAPI document. Made once, for all tests that ask for it.
/// </summary>
public sealed class ApiRig : IAsyncLifetime
{
    // One directory for what curl is told and answers; a call may stand in a subshell, so that counters are files.
    private const string Prelude = """
        set -u
        curl() {
          local at=$(( $(cat "$OUT/at") + 1 ))
          echo "$at" > "$OUT/at"
          printf '%s\0' "$@" > "$OUT/$at.args"
          cp "$OUT/block" "$OUT/$at.block"
          command curl "$@" -o "$OUT/$at.body" -D "$OUT/$at.head" -w '%{http_code}' > "$OUT/$at.status"
          cat "$OUT/$at.body"
        }
        echo 0 > "$OUT/at"

        """;

    private readonly SemaphoreSlim starting = new(1, 1);
    private ProcessRig? rig;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal Uri Address => rig!.Server.Address;

    internal ApiDocument Document { get; private set; } = null!;

    /// <summary>A page of the origin that the server allows.</summary>
    internal ShopPage Shop { get; private set; } = null!;

    /// <summary>The calls of the page in their order.</summary>
    internal IReadOnlyList<ApiCall> Calls { get; private set; } = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task StartAsync(ServerFixture fixture)
    {
        await starting.WaitAsync(Token);
        try
        {
            if (rig is not null) return;
            rig = await ProcessRig.CopyAsync(fixture);
            await SeedAsync();
            Shop = await ShopPage.StartAsync();
            await rig.ServeAsync(null, "--set", $"Browsers:Origins:0={Shop.Origin}");
            Shop.Api = rig.Server.Address.GetLeftPart(UriPartial.Authority);
            Document = new ApiDocument(JsonNode.Parse(await rig.Client.GetStringAsync(rig.At("/openapi/v1.json"), Token))!);
            Calls = await CallAsync();
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (rig is not null) await rig.DisposeAsync();
        if (Shop is not null) await Shop.DisposeAsync();
        starting.Dispose();
    }

    private async Task SeedAsync()
    {
        await using (var database = await SqliteDatabase.OpenAsync(rig!.Data, Token))
        {
            var now = TimeProvider.System.GetUtcNow();
            foreach (var id in (string[])["letter-1", "letter-2"])
            {
                var click = new Event { Id = id, UserId = "maria", ItemId = "lamp-1", Type = EventType.Click, Time = now };
                await database.DeadLetters.AddAsync(
                    new DeadLetter(now, null, "maria", "the disk was full", DeadLetterContent.Write(new EventChange(click))), Token);
            }
            await new ModelRegistry(new ServerSettings(rig.Data).ModelsFolder, database.Models).StageCopyAsync();
        }
        var night = Directory.CreateDirectory(Path.Combine(rig.Data, "nights", "2026-03-04", "steps")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(night, "report.html"), "<!doctype html><title>Night</title><p>The report.</p>", Token);
    }

    private async Task<IReadOnlyList<ApiCall>> CallAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(rig!.Root, "calls")).FullName;
        var script = Prelude + string.Concat(ApiPage.Blocks.Select((block, at) => $"echo {at} > \"$OUT/block\"\n{block.Script}\n"));
        await File.WriteAllTextAsync(Path.Combine(folder, "script.sh"), script, Token);
        var (code, _, error) = await ProcessRig.RunProcessAsync("bash", [Path.Combine(folder, "script.sh")],
            ("OUT", folder), ("API", rig.Server.Address.GetLeftPart(UriPartial.Authority)), ("DAY", "2026-03-04"),
            ("recsys", $"dotnet {typeof(ServerSettings).Assembly.Location}"));
        Assert.True(error.Length == 0, $"The page's blocks ended with {code} and said:\n{error}");
        var count = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "at"), Token), null);
        var calls = new List<ApiCall>();
        for (var at = 1; at <= count; at++)
        {
            var arguments = (await ReadAsync("args")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            calls.Add(ApiCall.Of(ApiPage.Blocks[int.Parse(await ReadAsync("block"), null)], arguments, await ReadAsync("status"),
                await ReadAsync("head"), await ReadAsync("body")));

            async Task<string> ReadAsync(string part) => Path.Combine(folder, $"{at}.{part}") is var path && File.Exists(path)
                ? await File.ReadAllTextAsync(path, Token) : "";
        }
        return calls;
    }
}
