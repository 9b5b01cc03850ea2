using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Recommendations.Paging;
using RecSys.Core.Recommendations.Rules;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Recommendations.Paging;

public sealed class NextPagesTests : IDisposable
{
    private const int Items = 150;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PagingMetrics metrics;

    public NextPagesTests() => metrics = new PagingMetrics(services.GetRequiredService<IMeterFactory>());

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Fill_TenThousandListsWhileTheCatalogueChanges_RepeatsNothingAndShowsNothingUnservable()
    {
        await using var fixture = await FixtureAsync();
        var lists = new OpenLists(10_000, Life, metrics);
        var pages = new NextPages(lists, metrics);
        var (random, opened) = (new Random(7), 0);
        for (var user = 0; user < 10_000; user++)
        {
            var list = await ServeAsync(fixture, lists, $"req_{user}", $"u{user}", first: random.Next(1, 30), random.Next(20, Items + 1));
            var (shown, cursor, offset) = (list.ToHashSet(), fixture.Context.NextCursor, list.Length);
            if (cursor is not null) opened++;
            var (unseen, skipped) = (fixture.Context.Candidates.Considered[list.Length..].ToArray(), 0);
            while (cursor is not null)
            {
                Change(fixture, random, item: random.Next(Items));
                Begin(fixture, $"u{user}", $"req_{user}_{offset}_{skipped}", numItems: random.Next(1, 40));
                Assert.True(pages.Fill(fixture.Context, cursor, lists.Find(cursor, RuleFixture.Now)!));

                Assert.All(fixture.Ids, item => Assert.True(fixture.World.Catalog.IsServable(item)));
                Assert.All(fixture.Ids, item => Assert.True(shown.Add(item), $"item {item} of user {user} came twice"));
                Assert.Equal(offset, fixture.Context.Offset);
                offset += fixture.Ids.Length;
                skipped++;
                cursor = fixture.Context.NextCursor;
            }
            // All that stood in the list and was servable all the time came, as far as the list is kept.
            var kept = unseen.Take(OpenLists.MostKept).Select(candidate => candidate.Item);
            Assert.DoesNotContain(kept, item => item % 10 != 0 && !shown.Contains(item));
        }
        Assert.Equal(opened, lists.Count);
    }

    [Fact]
    public async Task Fill_AskedTwice_IsTheSamePageLessWhatBecameUnservable()
    {
        await using var fixture = await FixtureAsync();
        var lists = new OpenLists(10, Life, metrics);
        var pages = new NextPages(lists, metrics);
        await ServeAsync(fixture, lists, "req_a", "u", first: 5, of: 40);
        var first = Next(fixture, pages, lists, "req_a", "req_b", 10);
        var third = Next(fixture, pages, lists, "req_b", "req_c", 10);

        Remove(fixture, first[3]);
        var again = Next(fixture, pages, lists, "req_a", "req_other", 7);

        Assert.Equal(first.Where(item => item != first[3]), again);
        Assert.Equal("req_b", fixture.Context.RequestId);
        Assert.Equal("req_b", fixture.Context.NextCursor);
        Assert.Equal(third, Next(fixture, pages, lists, "req_b", "req_another", 10));
    }

    [Fact]
    public async Task Fill_RejectedOrConsumedSinceTheList_IsLeftOutAndTheNextMoveUp()
    {
        await using var fixture = await FixtureAsync();
        var lists = new OpenLists(10, Life, metrics);
        var pages = new NextPages(lists, metrics);
        await ServeAsync(fixture, lists, "req_a", "u", first: 5, of: 40);
        Tell(fixture, 5, EventType.Hide);
        Tell(fixture, 7, EventType.Purchase);

        Assert.Equal([6, 8, 9, 10], Next(fixture, pages, lists, "req_a", "req_b", 4));
        Tell(fixture, 9, EventType.Hide);
        Assert.Equal([6, 8, 10], Next(fixture, pages, lists, "req_a", "req_x", 4));
    }

    [Fact]
    public async Task Find_TimeOverOrRoomGiven_IsNothing()
    {
        await using var fixture = await FixtureAsync();
        var lists = new OpenLists(3, Life, metrics);
        var early = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, its) =>
        {
            if (instrument.Name == "recsys_open_lists_displaced") its.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => early += count);
        listener.Start();
        for (var list = 0; list < 5; list++) await ServeAsync(fixture, lists, $"req_{list}", "u", first: 5, of: 40);

        Assert.Equal([false, false, true, true, true],
            Enumerable.Range(0, 5).Select(list => lists.Find($"req_{list}", RuleFixture.Now) is not null));
        Assert.Equal((3, 2), (lists.Count, early));
        Assert.NotNull(lists.Find("req_4", RuleFixture.Now + Life - TimeSpan.FromSeconds(1)));
        Assert.Null(lists.Find("req_4", RuleFixture.Now + Life));
        Assert.Null(lists.Cut("req_4", "req_late", [], 0, RuleFixture.Now + Life));
        Assert.Null(lists.Find("req_never", RuleFixture.Now));
    }

    [Fact]
    public async Task Forget_User_ClosesItsListsAlone()
    {
        await using var fixture = await FixtureAsync();
        var lists = new OpenLists(10, Life, metrics);
        await ServeAsync(fixture, lists, "req_a", "u", first: 5, of: 40);
        await ServeAsync(fixture, lists, "req_b", "other", first: 5, of: 40);

        lists.Forget("u");

        Assert.Null(lists.Find("req_a", RuleFixture.Now));
        Assert.NotNull(lists.Find("req_b", RuleFixture.Now));
    }

    [Theory]
    [InlineData(10, 20, 20)]
    [InlineData(0, 20, 40)]
    public async Task Open_NothingLeftOrNoRoom_GivesNoCursor(int capacity, int first, int of)
    {
        await using var fixture = await FixtureAsync();
        var lists = new OpenLists(capacity, Life, metrics);

        await ServeAsync(fixture, lists, "req_a", "u", first, of);

        Assert.Null(fixture.Context.NextCursor);
        Assert.Equal(0, lists.Count);
    }

    [Fact]
    public async Task Open_AsManyListsAsEver_AllocatesNothing()
    {
        await using var fixture = await FixtureAsync();
        var lists = new OpenLists(100, Life, metrics);
        string[] ids = [.. Enumerable.Range(0, 400).Select(list => $"req_{list}")];
        foreach (var id in ids) await ServeAsync(fixture, lists, id, "u", first: 5, of: 40);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var list = 0; list < 100; list++) lists.Open(fixture.Context);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Task<RuleFixture> FixtureAsync() =>
        RuleFixture.CreateAsync(Enumerable.Range(0, Items).Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = "c" }));

    // Items 0, 1, 2, ... of which the first are the first page.
    private static async Task<int[]> ServeAsync(RuleFixture fixture, OpenLists lists, string requestId, string user, int first, int of)
    {
        Begin(fixture, user, requestId, first);
        fixture.Candidates([.. Enumerable.Range(0, of).Select(i => 1 - i / 1000.0)]);
        await fixture.RunAsync(new SelectStage());
        lists.Open(fixture.Context);
        return fixture.Ids;
    }

    private static void Begin(RuleFixture fixture, string user, string requestId, int numItems) =>
        fixture.Begin(user: user, numItems: numItems, requestId: requestId);

    private static int[] Next(RuleFixture fixture, NextPages pages, OpenLists lists, string requestId, string nextId, int numItems)
    {
        Begin(fixture, "u", nextId, numItems);
        Assert.True(pages.Fill(fixture.Context, requestId, lists.Find(requestId, RuleFixture.Now)!));
        return fixture.Ids;
    }

    // Every tenth item comes and goes.
    private static void Change(RuleFixture fixture, Random random, int item)
    {
        if (item % 10 != 0) return;
        fixture.Live.Fold(
            new ItemPut(new Item { Id = $"i{item}", Title = $"t{item}", Category = "c", Available = random.Next(2) == 0 }), RuleFixture.Now,
            item);
    }

    private static void Remove(RuleFixture fixture, int item) =>
        fixture.Live.Fold(new ItemRemoval($"i{item}"), RuleFixture.Now, item);

    private static void Tell(RuleFixture fixture, int item, EventType type) => fixture.Live.Apply(
        new Event { Id = $"e{item}{type}", UserId = "u", ItemId = $"i{item}", Type = type, Time = RuleFixture.Now });
}
