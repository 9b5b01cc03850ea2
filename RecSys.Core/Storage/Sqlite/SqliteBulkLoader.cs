namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteBulkLoader(SqliteDatabase database) : IBulkLoader
{
    public async Task<IBulkLoad> BeginAsync(CancellationToken ct = default)
    {
        await database.EnterWriterAsync(ct);
        try
        {
            return new SqliteBulkLoad(database);
        }
        catch
        {
            database.ExitWriter();
            throw;
        }
    }
}
