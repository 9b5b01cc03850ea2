using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Import;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.BulkJobs;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints;

/// <summary>What events over HTTP mean: the same as those that are imported into the folder.</summary>
public sealed class EventMeaningTests : IDisposable
{
    private readonly TemporaryFolder data = new();
    private readonly TemporaryFolder source = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        data.Dispose();
        source.Dispose();
    }

    [Fact]
    public async Task Post_RatingsWithoutAnyRule_LowOnesCountAgainstAndTheReplySaysSo()
    {
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        var told = await PostRatingsAsync(client, 1, 2, 3, 4, 5);

        Assert.Equal(["negative", "negative", "neutral", null, null], told);
        Assert.Equal(
            [EventMeaning.Negative, EventMeaning.Negative, EventMeaning.Neutral, EventMeaning.Positive, EventMeaning.Positive],
            await MeaningsAsync(server));
        var live = server.Services.GetRequiredService<LiveState>();
        Assert.True(live.Catalog.TryGetNumber("lamp", out var lamp));
        Assert.Equal(2, live.Features.ItemStates.PositivesOf(lamp));
        Assert.Equal([true, true, false, false, false], Enumerable.Range(0, 5).Select(at => live.Copy($"u{at}").Seen.Find(lamp).Rejected));
    }

    [Theory]
    [InlineData(9, null)]
    [InlineData(2, "negative")]
    [InlineData(0.5, "negative")]
    [InlineData(60, "neutral")]
    public async Task Post_RatingBeyondFiveStarsWithoutAnyRule_GoesByTheScaleThatHoldsIt(double rating, string? meaning)
    {
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        Assert.Equal([meaning], await PostRatingsAsync(client, rating));
    }

    [Fact]
    public async Task Post_ARatingBeyondFiveStars_TellsTheScaleOfThoseBehindItAlsoAfterARestart()
    {
        await using (var server = await BareServer.StartOverAsync(data.Path))
        {
            using var client = await ClientAsync(server);
            Assert.Equal([null, null, "neutral", "negative"], await PostRatingsAsync(client, 4, 8, 4, 3));
            // A slip of the keyboard, or somebody who wants all others to count against.
            Assert.Equal([null, "neutral"], await PostRatingsAsync(client, 1e9, 4));
        }

        await using var again = await BareServer.StartOverAsync(data.Path);
        using var later = await ClientAsync(again);
        Assert.Equal(["neutral"], await PostRatingsAsync(later, 4));
    }

    [Fact]
    public async Task Post_AfterAnImportOfRatingsFromZeroToTen_GoesByTheirScale()
    {
        await ImportAsync(new ImportOptions(data.Path), Enumerable.Range(0, 11).Select(rating => (double)rating));
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        Assert.Equal(["negative", "neutral", "neutral", null], await PostRatingsAsync(client, 3, 4, 6, 7));
    }

    [Fact]
    public async Task Post_RatingOffTheScaleOfAnImport_CountsAsItsEndAndIsRemarked()
    {
        await ImportAsync(new ImportOptions(data.Path), [1, 2, 3, 4, 5]);
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        var reply = await PostAsync(client, """{"user_id":"u","item_id":"lamp","type":"rating","value":9}""",
            """{"user_id":"v","item_id":"lamp","type":"rating","value":-2}""",
            """{"user_id":"w","item_id":"lamp","type":"rating","value":4}""");

        Assert.Equal([null, "negative", null], Enumerable.Range(0, 3).Select(at => Meaning(reply, at)));
        Assert.Equal(
            [
                "the value lies off the scale 1 to 5 of this folder's ratings and counts as 5",
                "the value lies off the scale 1 to 5 of this folder's ratings and counts as 1", null,
            ],
            Enumerable.Range(0, 3).Select(at => reply.Body.GetProperty("events")[at].TryGetProperty("remark", out var remark)
                ? remark.GetString() : null));
        // Nobody's slip moves the scale.
        Assert.Equal(["neutral"], await PostRatingsAsync(client, 3));
    }

    [Fact]
    public async Task Post_AfterAnImportWithRules_GoesByThem()
    {
        await ImportAsync(new ImportOptions(data.Path)
        {
            Positive = [MeaningRule.Parse("rating>=5")], Negative = [MeaningRule.Parse("rating<=4")],
        }, [1, 5]);
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        Assert.Equal(["negative", "neutral", null], await PostRatingsAsync(client, 4, 4.5, 5));
    }

    // What people write goes before what an import was given, and a later import without rules changes neither.
    [Fact]
    public async Task Post_ImportFileWrittenWhileServing_CountsFromTheNextEventOnAndADamagedOneChangesNothing()
    {
        await ImportAsync(new ImportOptions(data.Path) { Negative = [MeaningRule.Parse("rating<=4")] }, [1, 5]);
        await ImportAsync(new ImportOptions(data.Path), [1, 5]);
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);
        Assert.Equal(["negative"], await PostRatingsAsync(client, 4));

        await File.WriteAllTextAsync(
            data["import.json"], """{ "negative": ["rating<=1"], "positive": ["rating>=2", "view>=30"] }""", Token);
        Assert.Equal([null], await PostRatingsAsync(client, 4));
        Assert.Equal("neutral", Meaning(await PostAsync(client, """{"user_id":"v","item_id":"lamp","type":"view","value":10}""")));

        await File.WriteAllTextAsync(data["import.json"], """{ "negative": """, Token);
        Assert.Equal(["negative", null], await PostRatingsAsync(client, 1, 4));
    }

    [Theory]
    [InlineData("import.json", """{ "negativ": [] }""", "import.json cannot be used")]
    [InlineData("import.json", """{ "positive": [null] }""", "import.json cannot be used")]
    [InlineData("import.json", """{ "map": { "bought": null } }""", "import.json cannot be used")]
    [InlineData("imports/rules.json", "[", "rules.json cannot be used")]
    [InlineData("imports/rating-scale.json", "[0, ", "rating-scale.json is damaged")]
    [InlineData("imports/rating-scale.json", "[5, 1]", "rating-scale.json is damaged")]
    [InlineData("imports/rating-scale.json", "[-1e400, 1e400]", "rating-scale.json is damaged")]
    public async Task Start_DamagedFile_IsRefusedByNameAndADamageWhileServingChangesNothing(string file, string content, string said)
    {
        Directory.CreateDirectory(data["imports"]);
        await using (var server = await BareServer.StartOverAsync(data.Path))
        {
            using var client = await ClientAsync(server);
            await File.WriteAllTextAsync(data[file], content, Token);
            Assert.Equal(["negative", null], await PostRatingsAsync(client, 1, 4));
        }

        var failure = await Assert.ThrowsAsync<RecSysException>(() => BareServer.StartOverAsync(data.Path));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);

        File.Delete(data[file]);
        await (await BareServer.StartOverAsync(data.Path)).DisposeAsync();
    }

    [Fact]
    public async Task Post_WordsThatAnImportWasTold_AreUnderstoodAndTypesKeepTheirMeaning()
    {
        await ImportAsync(new ImportOptions(data.Path)
        {
            Types = new Dictionary<string, MappedType>
            {
                ["bought"] = MappedType.Parse("purchase"), ["cancelled"] = MappedType.Parse("purchase:undo"),
                ["click"] = MappedType.Parse("like"),
            },
        }, [5]);
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        var reply = await PostAsync(client, """{"user_id":"u","item_id":"lamp","type":"bought"}""",
            """{"user_id":"u","item_id":"lamp","type":"cancelled"}""", """{"user_id":"u","item_id":"lamp","type":"click"}""",
            """{"user_id":"u","item_id":"lamp","type":"pinned"}""");

        Assert.Equal([null, "undo", null], Enumerable.Range(0, 3).Select(at => Meaning(reply, at)));
        Assert.Contains("a word of the map", reply.Body.GetProperty("events")[3].GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        var types = (await server.Services.GetRequiredService<IEventLog>().ReadAfterAsync(0, Token).ToListAsync(Token))
            .Select(entry => entry.Change).OfType<EventChange>().Select(change => change.Event.Type);
        // Behind the rating of the import.
        Assert.Equal([EventType.Rating, EventType.Purchase, EventType.Purchase, EventType.Click], types);
    }

    [Theory]
    [InlineData("user_id")]
    [InlineData("item_id")]
    public async Task Post_IdWithSpacesAroundIt_IsRefusedByName(string field)
    {
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        var json = """{"user_id":"u","item_id":"lamp","type":"view"}"""
            .Replace($"\"{field}\":\"", $"\"{field}\":\" ", StringComparison.Ordinal);
        var told = (await PostAsync(client, json)).Body.GetProperty("events")[0];
        var put = await client.CallAsync("PUT", "/items/lamp%20", """{"title":"A lamp","category":"light"}""");

        Assert.Equal("must not begin or end with a space", told.GetProperty("detail").GetString());
        Assert.EndsWith(field, told.GetProperty("pointer").GetString(), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, put.Status);
    }

    [Fact]
    public async Task Post_StatedMeaningAndPurchaseBelowNothing_AreWhatTheySay()
    {
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        Assert.Null(Meaning(await PostAsync(client,
            """{"user_id":"u","item_id":"lamp","type":"rating","value":1,"meaning":"positive"}""")));
        Assert.Equal("undo", Meaning(await PostAsync(client, """{"user_id":"u","item_id":"lamp","type":"purchase","amount":-9.5}""")));
        Assert.Equal([EventMeaning.Positive, EventMeaning.Undo], await MeaningsAsync(server));
    }

    [Fact]
    public async Task Post_ARatingWithoutAValue_SaysNothing()
    {
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        Assert.Equal("neutral", Meaning(await PostAsync(client, """{"user_id":"u","item_id":"lamp","type":"rating"}""")));
        Assert.Equal([EventMeaning.Neutral], await MeaningsAsync(server));
    }

    [Fact]
    public async Task Bulk_Ratings_MeanTheSame()
    {
        await using var server = await BareServer.StartOverAsync(data.Path);
        using var client = await ClientAsync(server);

        var job = await BulkCalls.RunAsync(client, "events",
            BulkCalls.Rows(5, at => $$"""{"user_id":"u{{at}}","item_id":"lamp","type":"rating","value":{{at + 1}}}"""));

        Assert.Equal(5, job.Number("added"));
        Assert.Equal(
            [EventMeaning.Negative, EventMeaning.Negative, EventMeaning.Neutral, EventMeaning.Positive, EventMeaning.Positive],
            await MeaningsAsync(server));
    }

    private static async Task<HttpClient> ClientAsync(BareServer server)
    {
        var client = server.Client("shop", "events:write", "catalog:write", "service");
        await client.CallAsync("PUT", "/items/lamp", """{"title":"A lamp","category":"light"}""");
        return client;
    }

    private static async Task<IReadOnlyList<string?>> PostRatingsAsync(HttpClient client, params double[] ratings)
    {
        var reply = await PostAsync(client, [.. ratings.Select((rating, at) => string.Create(CultureInfo.InvariantCulture,
            $$"""{"user_id":"u{{at}}","item_id":"lamp","type":"rating","value":{{rating}}}"""))]);
        return Enumerable.Range(0, ratings.Length).Select(at => Meaning(reply, at)).ToList();
    }

    private static Task<Reply> PostAsync(HttpClient client, params string[] events) =>
        client.CallAsync("POST", "/events", $$"""{"events":[{{string.Join(',', events)}}]}""");

    private static string? Meaning(Reply reply, int at = 0)
    {
        var told = reply.Body.GetProperty("events")[at];
        Assert.Equal("accepted", told.GetProperty("status").GetString());
        return told.TryGetProperty("meaning", out var meaning) ? meaning.GetString() : null;
    }

    private static async Task<EventMeaning[]> MeaningsAsync(BareServer server) =>
        [.. (await server.Services.GetRequiredService<IEventLog>().ReadAfterAsync(0, Token).ToListAsync(Token))
            .Select(entry => entry.Change).OfType<EventChange>().Select(change => change.Event)
            .Select(e => e.Meaning ?? EventTypes.MeaningOf(e.Type))];

    private async Task ImportAsync(ImportOptions options, IEnumerable<double> ratings)
    {
        var path = source[$"{Guid.NewGuid():n}.csv"];
        await File.WriteAllLinesAsync(path, [
            "user_id,item_id,type,time,value",
            .. ratings.Select(rating => string.Create(CultureInfo.InvariantCulture, $"past,lamp,rating,2020-01-01T00:00:00Z,{rating}")),
        ], Token);
        await using var database = await SqliteDatabase.OpenAsync(data.Path, Token);
        var target = new ImportTarget(
            database.Import, database.Contents, new ImportPace(database.EventLog, () => false, TimeProvider.System));
        await new RecordImporter(target, options).ImportAsync(RecordFormat.Csv, RecordKind.Events, [path], ct: Token);
    }
}
