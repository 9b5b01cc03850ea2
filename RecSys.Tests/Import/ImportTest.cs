using RecSys.Core.Domain;
using RecSys.Core.Import;
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

    public async ValueTask InitializeAsync() => Database = await SqliteDatabase.OpenAsync(Data.Path, Ct);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Source.Dispose();
        Data.Dispose();
        GC.SuppressFinalize(this);
    }

    protected ValueTask<List<Event>> EventsAsync() => Database.Events.ReadAsync(null, null, Ct).ToListAsync(Ct);

    protected async Task AssertEmptyAsync() =>
        Assert.Equal((0, 0, 0), (await Database.Users.CountAsync(Ct), await Database.Items.CountAsync(Ct), await Database.Events.CountAsync(Ct)));
}
