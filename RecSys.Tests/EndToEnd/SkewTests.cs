using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Api.Commands;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Storage;
using RecSys.Core.Training.Skew;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Recommendations.Logging;

namespace RecSys.Tests.EndToEnd;

/// <summary>Requests over HTTP with events in between, their features logged, and the replay of the same log.</summary>
[Collection(ServedCollection.Name)]
public sealed class SkewTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int visits;

    // Other tests ask the same server at the same time.
    private readonly HashSet<string> mine = [];

    [Fact]
    public async Task RunAsync_RequestsWithEventsInBetween_FindsNoDifference()
    {
        var started = TimeProvider.System.GetUtcNow();
        await ServeAsync();

        var report = await Check(await StoreAsync(await LoggedAsync(started, 20)))
            .RunAsync(new SkewOptions { Since = started }, progress: null, Token);

        Assert.Equal((20, 0), (report.Requests, report.Skipped.Count));
        Assert.True(report.Rows > 100, $"{report.Rows} rows");
        Assert.Equal(FeatureCatalogue.Default.Count, report.Features.Count);
        Assert.All(report.Features,
            feature => Assert.True(feature.Mismatches == 0,
            $"{feature.Name} differs in {feature.Mismatches} rows, by up to {feature.MaxDifference}"));
        Assert.Empty(report.Skewed);
    }

    // Served in between: a visitor who logs in, somebody who is forgotten, items whose content changes, a list that counts as shown.
    [Fact]
    public async Task RunAsync_MergesErasuresItemChangesAndShownLists_AreRepeatedLikeEvents()
    {
        var started = TimeProvider.System.GetUtcNow();
        var changed = await ServeChangesAsync();
        var store = await StoreAsync(await LoggedAsync(started, 9));

        var report = await Check(store).RunAsync(new SkewOptions { Since = started }, progress: null, Token);

        Assert.Equal((9, 0), (report.Requests, report.Skipped.Count));
        Assert.All(report.Features,
            feature => Assert.True(feature.Mismatches == 0,
            $"{feature.Name} differs in {feature.Mismatches} rows, by up to {feature.MaxDifference}"));
        // A replay that forgets one of them must be found out.
        Assert.Contains("user_impressions_all", (await SkewOf(change => change is UserMerge ? new UserMerge("", "") : change)).Skewed);
        Assert.Contains("item_log_price",
            (await SkewOf(change => change is ItemPut put && changed.Contains(put.Item.Id)
            ? new ItemPut(put.Item with { Price = 5 }) : change)).Skewed);

        Task<SkewReport> SkewOf(Func<LogChange, LogChange> altered) =>
            Check(store, log: new AlteredLog(server.Services.GetRequiredService<IEventLog>(), altered))
                .RunAsync(new SkewOptions { Since = started }, progress: null, Token);
    }

    // The events in between must matter, or a replay that forgets them would pass as well.
    [Fact]
    public async Task RunAsync_ReplayThatStopsTooEarly_IsFoundOut()
    {
        var started = TimeProvider.System.GetUtcNow();
        await ServeAsync();
        var logged = await LoggedAsync(started, 20);
        var early = logged.Select(request => request with { Position = 0 });

        var report = await Check(await StoreAsync(early)).RunAsync(new SkewOptions(), progress: null, Token);

        Assert.Contains("user_impressions_all", report.Skewed);
        Assert.DoesNotContain("hour", report.Skewed);
    }

    [Fact]
    public async Task RunAsync_FeatureWithAnotherMeaning_IsTheOneNamed()
    {
        var started = TimeProvider.System.GetUtcNow();
        await ServeAsync();
        var altered = new FeatureCatalogue(FeatureCatalogue.Default.Features.Select(feature =>
            feature.Name == "item_age_days" ? feature with { Compute = scope => feature.Compute(scope) * 1.001f } : feature));

        var report = await Check(catalogue: altered).RunAsync(new SkewOptions { Since = started }, progress: null, Token);

        Assert.Equal(["item_age_days"], report.Skewed);
    }

    [Fact]
    public async Task RunAsync_LoggedRowsAltered_NamesTheirColumns()
    {
        var started = TimeProvider.System.GetUtcNow();
        await ServeAsync();
        var (missing, shifted) = (Column("user_ctr_all"), Column("cosine_user"));
        var altered = (await LoggedAsync(started, 20)).Select(request => request with
        {
            Items = [.. request.Items.Select(item =>
                item with { Features =
                [.. item.Features!.Select((value, column) => column == missing ? float.NaN : column == shifted ? value + 1 : value)] })],
        });

        var report = await Check(await StoreAsync(altered)).RunAsync(new SkewOptions(), progress: null, Token);

        Assert.Equal(new HashSet<string> { "user_ctr_all", "cosine_user" }, report.Skewed.ToHashSet());
        Assert.Equal(1, report.Features.Single(feature => feature.Name == "cosine_user").MaxDifference, 1e-4);
    }

    [Fact]
    public async Task RunAsync_RequestsThatCannotBeRepeated_AreSkippedWithTheirReason()
    {
        var started = TimeProvider.System.GetUtcNow();
        await ServeAsync();
        var logged = (await LoggedAsync(started, 20)).ToList();
        logged[0] = logged[0] with { Assignment = logged[0].Assignment with { ModelVersion = "v99.0.0" } };
        logged[1] = logged[1] with { CatalogueHash = "other" };
        logged[2] = logged[2] with { Position = long.MaxValue };
        logged[3] = logged[3] with { Items = [logged[3].Items[0] with { Item = 1_000_000 }] };

        var report = await Check(await StoreAsync(logged)).RunAsync(new SkewOptions(), progress: null, Token);

        Assert.Equal(4, report.Skipped.Count);
        Assert.Equal(16, report.Requests);
        Assert.Empty(report.Skewed);
        var unusable = await StoreAsync(logged.Take(4));
        var failure = await Assert.ThrowsAsync<RecSysException>(() => Check(unusable)
            .RunAsync(new SkewOptions(), progress: null, Token));
        Assert.Contains("v99.0.0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NothingLogged_SaysWhatToDo()
    {
        await server.StartAsync();

        var nothing = await StoreAsync([]);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => Check(nothing).RunAsync(new SkewOptions(), progress: null, Token));

        Assert.Contains("FeatureShare", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NothingLoggedSince_LookingFurtherBackHelps()
    {
        var started = TimeProvider.System.GetUtcNow();
        await ServeAsync();
        var store = await StoreAsync(await LoggedAsync(started, 20));

        var refused = await Assert.ThrowsAsync<RecSysException>(
            () => Check(store).RunAsync(new SkewOptions { Since = started.AddDays(1) }, progress: null, Token));

        Assert.Contains("look further back with --since", refused.Message, StringComparison.Ordinal);
        Assert.Equal(20, (await Check(store).RunAsync(new SkewOptions { Since = started }, progress: null, Token)).Requests);
    }

    [Fact]
    public async Task RunAsync_NothingComparable_ServingMoreAndLookingAtThatAloneHelps()
    {
        var started = TimeProvider.System.GetUtcNow();
        await ServeAsync();
        var gone = (await LoggedAsync(started, 20)).Select(request => request with
        {
            Assignment = request.Assignment with { ModelVersion = "v99.0.0" },
        });
        var store = await StoreAsync(gone);

        var refused = await Assert.ThrowsAsync<RecSysException>(() => Check(store).RunAsync(new SkewOptions(), progress: null, Token));

        Assert.Contains("look at those alone with --since", refused.Message, StringComparison.Ordinal);
        var again = TimeProvider.System.GetUtcNow();
        await ServeAsync();
        await store.AppendAsync(await LoggedAsync(again, 20), Token);
        var report = await Check(store).RunAsync(new SkewOptions { Since = again }, progress: null, Token);
        Assert.Equal((20, 0), (report.Requests, report.Skipped.Count));
    }

    [Fact]
    public async Task SkewCommand_CleanAndSpoiltLog_SaysSoByItsExitCode()
    {
        var started = TimeProvider.System.GetUtcNow();
        await ServeAsync();
        using var folder = new TemporaryFolder();
        var json = folder["report.json"];
        string[] arguments = ["--data", server.DataFolder, "--since", $"{started:O}", "--json", json];

        Assert.Equal(0, await SkewCommand.Create().Parse(arguments).InvokeAsync(cancellationToken: Token));

        using (var report = JsonDocument.Parse(await File.ReadAllTextAsync(json, Token)))
            Assert.Equal(0, report.RootElement.GetProperty("skewed").GetArrayLength());
        var spoilt = (await LoggedAsync(started, 20))[0];
        var item = spoilt.Items[0];
        await server.Services.GetRequiredService<IServedRecordStore>().AppendAsync(
            [spoilt with { RequestId = "req_spoilt", Time = started.AddHours(1),
                Items = [item with { Features = [.. item.Features!.Select(value => value + 1)] }] }], Token);
        Assert.Equal(1,
            await SkewCommand.Create().Parse(["--data", server.DataFolder, "--since", $"{started.AddMinutes(59):O}"])
            .InvokeAsync(cancellationToken: Token));
        Assert.Equal(0,
            await SkewCommand.Create().Parse(["--data", server.DataFolder, "--since", $"{started.AddMinutes(59):O}", "--tolerate", "100"])
            .InvokeAsync(cancellationToken: Token));
        // The spoilt request lies ahead of the other tests' requests and would be among them.
        await server.Services.GetRequiredService<IServedRecordStore>().DeleteAsync(started.AddHours(2), long.MaxValue, Token);
    }

    private static async Task<BlockedStore> StoreAsync(IEnumerable<ServedRecord> records)
    {
        var store = new BlockedStore(open: true);
        await store.AppendAsync([.. records], Token);
        return store;
    }

    private SkewCheck Check(IServedRecordStore? store = null, FeatureCatalogue? catalogue = null, IEventLog? log = null) => new(
        store ?? server.Services.GetRequiredService<IServedRecordStore>(),
        log ?? server.Services.GetRequiredService<IEventLog>(),
        server.Services.GetRequiredService<ILogContents>(),
        server.Services.GetRequiredService<ModelRegistry>(),
        catalogue ?? FeatureCatalogue.Default);

    // Ten visits of two requests each: users with history, and new ones without a profile who become known by what they do. Other tests
    // exhaust the catalogue for some of the first users.
    private async Task ServeAsync()
    {
        var started = TimeProvider.System.GetUtcNow();
        using var client = await server.ClientAsync("backend", "recommend:read", "service");
        var options = server.Services.GetRequiredService<IOptions<ServedRecordOptions>>().Value;
        var (before, random) = (options.FeatureShare, new Random(visits));
        options.FeatureShare = 1;
        try
        {
            for (var i = 0; i < 10; i++)
            {
                var user = i % 3 == 0
                    ? $"skew-newcomer-{visits}-{i}" : server.World.Users[100 + random.Next(server.World.Users.Count - 100)].Id;
                var shown = await AskAsync(client, $"/recommend?user_id={user}&num_items=8&device=mobile");
                await server.Services.GetRequiredService<LogWriter>()
                    .PostAsync([.. Visits.Make(user, shown, random).Select(LogChange (e) => new EventChange(e))], Token);
                await AskAsync(client, $"/recommend?user_id={user}&num_items=8&location=SF");
            }
            visits++;
            await LoggedAsync(started, 20);
        }
        finally
        {
            options.FeatureShare = before;
        }
    }

    // Three rounds of three requests: as a visitor, as the user that the visitor has become, and as that user once the items of the list
    // have changed.
    private async Task<HashSet<string>> ServeChangesAsync()
    {
        using var client = await server.ClientAsync("backend", "recommend:read", "service");
        var options = server.Services.GetRequiredService<IOptions<ServedRecordOptions>>().Value;
        var writer = server.Services.GetRequiredService<LogWriter>();
        var worlds = server.Services.GetRequiredService<WorldSource>();
        var (before, random, changed) = (options.FeatureShare, new Random(7), new List<Item>());
        options.FeatureShare = 1;
        try
        {
            for (var i = 0; i < 3; i++)
            {
                var (visitor, leaver, known) = ($"skew-visitor-{i}", $"skew-leaver-{i}", server.World.Users[90 + i].Id);
                var shown = await AskAsync(client, $"/recommend?user_id={visitor}&num_items=8&device=mobile");
                await FoldedAsync(
                    [
                        .. Visits.Make(visitor, shown, random).Concat(Visits.Make(leaver, shown, random))
                            .Select(LogChange (e) => new EventChange(e)),
                    ]);
                await FoldedAsync([new UserErasure(leaver), new UserMerge(visitor, known)]);
                var list = await AskAsync(client, $"/recommend?user_id={known}&num_items=8&device=mobile");
                var items = list.Take(4).Select(id => server.World.Items.Single(item => item.Id == id)).ToList();
                changed.AddRange(items);
                await FoldedAsync(
                    [
                        .. items.Select(LogChange (item) =>
                            new ItemPut(item with { Price = 7 * (item.Price ?? 10), Title = item.Title + " again" })),
                        new ListShown($"skew-list-{i}", known, [0, 1], TimeProvider.System.GetUtcNow()),
                    ]);
                await AskAsync(client, $"/recommend?user_id={visitor}&num_items=8&device=mobile");
            }
        }
        finally
        {
            options.FeatureShare = before;
            await FoldedAsync([.. changed.DistinctBy(item => item.Id).Select(LogChange (item) => new ItemPut(item))]);
        }
        return [.. changed.Select(item => item.Id)];

        // A request during which an entry is folded is kept without features.
        async Task FoldedAsync(IReadOnlyList<LogChange> changes)
        {
            var last = (await writer.PostAsync(changes, Token)).Max(result => result.Position);
            for (var attempt = 0; attempt < 1200 && worlds.Take().Position < last; attempt++) await Task.Delay(25, Token);
            Assert.True(worlds.Take().Position >= last, "The log was not folded within thirty seconds.");
        }
    }

    private async Task<List<ServedRecord>> LoggedAsync(DateTimeOffset since, int count)
    {
        var store = server.Services.GetRequiredService<IServedRecordStore>();
        for (var attempt = 0; attempt < 1200; attempt++)
        {
            var logged = await store.ReadAsync(since, Token)
                .Where(record => record.CatalogueHash is not null && mine.Contains(record.RequestId)).ToListAsync(Token);
            if (logged.Count >= count) return logged;
            await Task.Delay(25, Token);
        }
        throw new TimeoutException($"Fewer than {count} requests had their features stored within thirty seconds.");
    }

    private async Task<string[]> AskAsync(HttpClient client, string path)
    {
        using var reply = (await client.GetFromJsonAsync<JsonDocument>(path, Token))!;
        mine.Add(reply.RootElement.GetProperty("request_id").GetString()!);
        return [.. reply.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)];
    }

    private static int Column(string name) => FeatureCatalogue.Default.Names.ToList().IndexOf(name);
}
