namespace RecSys.Core.Storage.Sqlite;

/// <summary>The stores over one SQLite file, <c>recsys.db</c> in the data folder.</summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    public IUserStore Users => throw new NotSupportedException();
    public IItemStore Items => throw new NotSupportedException();
    public IEventStore Events => throw new NotSupportedException();
    public IServedListStore ServedLists => throw new NotSupportedException();
    public IInteractionLogReader Log => throw new NotSupportedException();
    public IBulkLoader Bulk => throw new NotSupportedException();

    public static SqliteDatabase Open(string dataFolder) => throw new NotSupportedException();
    public static Task<SqliteDatabase> OpenAsync(string dataFolder, CancellationToken ct = default) => throw new NotSupportedException();
    public static Task<SqliteDatabase> OpenExistingAsync(string dataFolder, CancellationToken ct = default) => throw new NotSupportedException();
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
