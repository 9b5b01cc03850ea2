using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Events;

public sealed class EventIngestionTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task IngestAsync_DuplicatesAndLateEvents_CountOnceAndKeepTheSequence()
    {
        using var folder = new TemporaryFolder();
        await using var database = await SqliteDatabase.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        var items = ItemCatalog.Create(Enumerable.Range(0, 3).Select(i => new Item { Id = $"i{i}", Title = "t", Category = "c" }));
        await database.Items.UpsertAsync([.. Enumerable.Range(0, items.Count).Select(item => items[item])], TestContext.Current.CancellationToken);
        await database.Users.UpsertAsync([new User { Id = "u" }], TestContext.Current.CancellationToken);
        var state = new LiveState(new InteractionLog(items, new UserDirectory([new User { Id = "u" }]), []));
        using var ingestion = new EventIngestion(database.Events, state);
        Event[] events = [Click("a", 0, hours: 0), Click("b", 2, hours: 5), Click("a", 0, hours: 0), Click("late", 1, hours: 3)];

        var outcomes = await ingestion.IngestAsync(events, TestContext.Current.CancellationToken);
        var again = await ingestion.IngestAsync(events, TestContext.Current.CancellationToken);

        Assert.Equal([AppendOutcome.Accepted, AppendOutcome.Accepted, AppendOutcome.Duplicate, AppendOutcome.Accepted], outcomes);
        Assert.All(again, outcome => Assert.Equal(AppendOutcome.Duplicate, outcome));
        var user = state.FindUser("u")!.State;
        Assert.Equal(3, user.Counters.Clicks.All);
        Assert.Equal([0, 2], user.RecentItems.ToArray());
        Assert.All([0, 1, 2], item => Assert.Equal(1, state.Features.ItemStates.PositivesOf(item)));
    }

    private static Event Click(string id, int item, double hours) =>
        new() { Id = id, UserId = "u", ItemId = $"i{item}", Type = EventType.Click, Time = Start.AddHours(hours) };
}
