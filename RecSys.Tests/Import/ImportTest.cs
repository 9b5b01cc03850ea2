using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Import;

/// <summary>A folder for source files and a store to import into.</summary>
public abstract class ImportTest : IAsyncLifetime
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected TemporaryFolder Source { get; } = new();
    protected TemporaryFolder Data { get; } = new();
    protected SqliteDatabase Database { get; private set; } = null!;
    protected ImportOptions Options => new(Data.Path);
    protected ImportTarget Target => new(Database.Import, Database.Contents, new ImportPace(Database.EventLog, () => false,
        TimeProvider.System));

    public async ValueTask InitializeAsync() => Database = await SqliteDatabase.OpenAsync(Data.Path, Ct);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Source.Dispose();
        Data.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The stored events in the order of the log.</summary>
    protected ValueTask<List<Event>> EventsAsync() =>
        Database.EventLog.ReadAfterAsync(0, Ct).Select(entry => (entry.Change as EventChange)?.Event).OfType<Event>().ToListAsync(Ct);

    protected async Task<Item?> ItemAsync(string id) => (await Database.Contents.FindItemAsync(id, Ct))?.Item;

    /// <summary>Items without further content, so that the events of a test do not have to wait for them.</summary>
    protected Task KnowItemsAsync(params IEnumerable<string> ids) =>
        Database.Import.ImportAsync([.. ids.Distinct().Select(id => new ItemPut(new Item { Id = id, Title = "t", Category = "c" }))], Ct);

    protected async Task AssertEmptyAsync() =>
        Assert.Equal((0, 0, 0), await Database.Contents.CountAsync(Ct) is var counts
            ? (counts.Users, counts.Events, counts.Parked) : default);
}
