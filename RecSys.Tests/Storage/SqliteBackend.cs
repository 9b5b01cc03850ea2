using RecSys.Core.Storage;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage;

internal sealed class SqliteBackend : IStoreBackend
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDatabase database;

    private SqliteBackend() => database = SqliteDatabase.Open(folder.Path);

    public static ValueTask<IStoreBackend> OpenAsync() => ValueTask.FromResult<IStoreBackend>(new SqliteBackend());

    public IUserStore Users => database.Users;
    public IItemStore Items => database.Items;
    public IEventStore Events => database.Events;
    public IServedListStore ServedLists => database.ServedLists;
    public IServedFeatureStore ServedFeatures => database.ServedFeatures;
    public IInteractionLogReader Log => database.Log;
    public IBulkLoader Bulk => database.Bulk;

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }
}

public sealed class SqliteUserStoreTests() : UserStoreContract(SqliteBackend.OpenAsync);

public sealed class SqliteItemStoreTests() : ItemStoreContract(SqliteBackend.OpenAsync);

public sealed class SqliteEventStoreTests() : EventStoreContract(SqliteBackend.OpenAsync);

public sealed class SqliteServedListStoreTests() : ServedListStoreContract(SqliteBackend.OpenAsync);

public sealed class SqliteServedFeatureStoreTests() : ServedFeatureStoreContract(SqliteBackend.OpenAsync);

public sealed class SqliteInteractionLogReaderTests() : InteractionLogReaderContract(SqliteBackend.OpenAsync);

public sealed class SqliteBulkLoaderTests() : BulkLoaderContract(SqliteBackend.OpenAsync);
