using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using RecSys.Core.Storage;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Dashboard;

/// <summary>Lists from inside: <c>include=trace</c>, and the page that shows it.</summary>
[Collection(ServedCollection.Name)]
public sealed class PlaygroundTests(ServerFixture server, BrowserFixture browser) : IAsyncLifetime
{
    private HttpClient admin = null!;

    private string User => server.World.Users[7].Id;

    public async ValueTask InitializeAsync() => admin = await server.ClientAsync("root", "admin");

    public ValueTask DisposeAsync()
    {
        admin.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Trace_AddsUpFromStageToStage()
    {
        var list = (await admin.CallAsync("GET", $"/recommend?user_id={User}&num_items=10&include=trace,timing")).Body;
        var trace = list.GetProperty("trace");
        var stages = trace.GetProperty("stages").EnumerateArray().ToArray();

        Assert.Equal(list.GetProperty("timing").EnumerateArray()
                .Select(stage => (stage.GetProperty("stage").GetString(), stage.GetProperty("candidates").GetInt32())),
            stages.Select(stage => (stage.GetProperty("stage").GetString(), stage.GetProperty("after").GetInt32())));
        Assert.Equal(0, stages[0].GetProperty("before").GetInt32());
        foreach (var (before, stage) in stages.Zip(stages.Skip(1)))
        {
            Assert.Equal(before.GetProperty("after").GetInt32(), stage.GetProperty("before").GetInt32());
            var gone = Removed(stage);
            if (gone > 0) Assert.Equal(gone, stage.GetProperty("before").GetInt32() - stage.GetProperty("after").GetInt32());
        }
        Assert.True(stages.Sum(Removed) > 0, "Nothing was taken out: the test proves nothing.");
        Assert.Equal(stages.Sum(Removed), trace.GetProperty("removed_total").GetInt32());
        Assert.Equal(Math.Min(200, stages.Sum(Removed)), trace.GetProperty("removed").GetArrayLength());
        Assert.Equal(10, stages[^1].GetProperty("after").GetInt32());
        var listed = list.GetProperty("items").EnumerateArray().ToArray();
        var traced = trace.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(listed.Select(item => (item.GetProperty("item_id").GetString(), item.GetProperty("score").GetDouble())),
            traced.Select(item => (item.GetProperty("item_id").GetString(), item.GetProperty("score").GetDouble())));
        Assert.All(traced, item => Assert.NotEqual(0, item.GetProperty("sources").GetArrayLength()));
        Assert.All(traced, item => Assert.InRange(item.GetProperty("click_probability").GetDouble(), 0, 1));
    }

    [Fact]
    public async Task Trace_LeavesNothingBehind()
    {
        var records = server.Services.GetRequiredService<IDatabase>().ServedRecords;
        var user = $"curious-{Guid.NewGuid():N}";

        var traced = await admin.CallAsync("GET", $"/recommend?user_id={user}&include=trace");
        var plain = await admin.CallAsync("GET", $"/recommend?user_id={user}");

        // Records are stored in their order: that of the second being there, that of the first would be.
        var stored = await Calls.EventuallyAsync(
            async () => await records.ReadUserAsync(user, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken).ToListAsync(),
            all => all.Count > 0);
        Assert.Equal(plain.String("request_id"), Assert.Single(stored).RequestId);
        Assert.False(plain.Body.TryGetProperty("trace", out _));
        Assert.NotEqual(traced.String("request_id"), plain.String("request_id"));
    }

    [Fact]
    public async Task Trace_WithoutTheRightOrSense_IsRefused()
    {
        using var service = await server.ClientAsync("shop", "service", "recommend:read");

        var refused = await service.CallAsync("GET", $"/recommend?user_id={User}&include=trace");
        var unknown = await admin.CallAsync("GET", $"/recommend?user_id={User}&include=trace&model_version=v9.9.9");
        var alone = await admin.CallAsync("GET", $"/recommend?user_id={User}&model_version=v1.0.0");
        var named = await admin.CallAsync("GET", $"/recommend?user_id={User}&include=trace&model_version=v1.0.0");

        Assert.Equal((403, 404, 400, 200), ((int)refused.Status, (int)unknown.Status, (int)alone.Status, (int)named.Status));
        Assert.Contains("scope admin", refused.String("detail"), StringComparison.Ordinal);
        Assert.Equal(["model_version"], alone.Faults);
        Assert.Equal("v1.0.0", named.String("model_version"));
    }

    [Fact]
    public async Task Page_ShowsTheListWithReasonsStagesAndWhatWasTakenOut()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.GoToAsync("playground");
        await visit.Page.Locator("input[name=user]").FillAsync(User);
        await visit.Page.GetByLabel("Items").First.FillAsync("7");
        await RunAsync(visit);

        var list = (await admin.CallAsync("GET", $"/recommend?user_id={User}&num_items=7&include=trace")).Body;
        var items = list.GetProperty("items").EnumerateArray().ToArray();
        var traced = list.GetProperty("trace").GetProperty("items").EnumerateArray().ToArray();
        var cards = visit.Page.Locator("li.item");
        Assert.Equal(items.Select(item => item.GetProperty("title").GetString()), await cards.Locator("h3").AllInnerTextsAsync());
        foreach (var (item, at) in traced.Select((item, at) => (item, at)))
        {
            var text = await cards.Nth(at).InnerTextAsync();
            Assert.Contains(item.GetProperty("item_id").GetString()!, text, StringComparison.Ordinal);
            Assert.All(item.GetProperty("sources").EnumerateArray(),
                source => Assert.Contains(source.GetString()!.Replace('_', ' '), text, StringComparison.Ordinal));
        }
        await cards.First.GetByText("Why it is here").ClickAsync();
        Assert.Contains(traced[0].GetProperty("score").GetDouble().ToString("0.####", CultureInfo.InvariantCulture),
            await cards.First.InnerTextAsync(), StringComparison.Ordinal);

        var stages = await visit.TableAsync("Stages in order");
        Assert.Equal(list.GetProperty("trace").GetProperty("stages").EnumerateArray().Select(stage =>
                (stage.GetProperty("stage").GetString()!.Replace('_', ' '), $"{stage.GetProperty("after").GetInt32()}")),
            stages.Select(row => (row[0], row[2])));
        await visit.Page.GetByText("Taken out: ").ClickAsync();
        Assert.Equal(
            list.GetProperty("trace").GetProperty("removed").EnumerateArray().Take(60)
                .Select(each => each.GetProperty("item_id").GetString()),
            (await visit.TableAsync("Candidates that were taken out")).Select(row => row[0]));
    }

    [Fact]
    public async Task Page_ComparesTwoVariants()
    {
        await using var visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync();
        await visit.GoToAsync("playground");
        await visit.Page.Locator("input[name=user]").FillAsync(User);
        await visit.Page.GetByLabel("Compare two variants").CheckAsync();
        await visit.Page.GetByRole(AriaRole.Group, new() { Name = "Variant B" }).GetByLabel("Device").SelectOptionAsync("tv");
        await visit.Page.GetByRole(AriaRole.Group, new() { Name = "Variant B" }).GetByLabel("Items").FillAsync("4");
        await RunAsync(visit);

        string[] wanted = ["num_items=10", "num_items=4&device=tv"];
        var lists = new List<string[]>();
        foreach (var (options, at) in wanted.Select((options, at) => (options, at)))
        {
            var list = (await admin.CallAsync("GET", $"/recommend?user_id={User}&{options}&include=trace")).Body;
            lists.Add([.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!)]);
            Assert.Equal(lists[at], await visit.Page.Locator(".outcome").Nth(at).Locator("li.item h3").AllInnerTextsAsync());
        }
        var common = visit.Page.Locator(".outcome").Nth(1).Locator(".tile", new() { HasText = "In both lists" });
        Assert.Equal($"{lists[1].Intersect(lists[0]).Count()} of 4", await common.Locator(".figure").InnerTextAsync());
    }

    private static async Task RunAsync(DashboardVisit visit)
    {
        await visit.Page.EvaluateAsync("document.querySelector('.results').dataset.state = 'waiting'");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show the list" }).ClickAsync();
        await visit.Page.Locator(".results[data-state=done]").WaitForAsync();
    }

    private static int Removed(JsonElement stage) => stage.GetProperty("removed") is { ValueKind: JsonValueKind.Object } reasons
        ? reasons.EnumerateObject().Sum(reason => reason.Value.GetInt32()) : 0;
}
