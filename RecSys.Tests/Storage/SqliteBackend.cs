using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage;

internal sealed class SqliteBackend : IStoreBackend
{
    // Small, so that tests can reach them.
    private static readonly LogLimits Limits = new() { MostParked = 20, MostDeadLetters = 5 };

    private readonly TemporaryFolder? own;
    private readonly SqliteDatabase database;

    private SqliteBackend(TemporaryFolder? own, string folder, FakeTimeProvider clock)
    {
        this.own = own;
        Clock = clock;
        database = SqliteDatabase.Open(folder, clock, Limits);
    }

    public static ValueTask<IStoreBackend> OpenAsync()
    {
        var folder = new TemporaryFolder();
        return ValueTask.FromResult<IStoreBackend>(new SqliteBackend(folder, folder.Path, new FakeTimeProvider(Sample.Noon)));
    }

    public FakeTimeProvider Clock { get; }
    public IEventLog EventLog => database.EventLog;
    public IEventImport Import => database.Import;
    public ILogContents Contents => database.Contents;
    public IServedRecordStore ServedRecords => database.ServedRecords;
    public IUserStateStore UserStates => database.UserStates;
    public IDeadLetters DeadLetters => database.DeadLetters;
    public IDataSurvey Survey => database.Survey;
    public IUserArchive Archive => database.Archive;
    public IModelStates Models => database.Models;
    public ILeases Leases => database.Leases;
    public IInteractionLogReader Log => database.Log;

    public Task FinishErasuresAsync() => database.FinishErasuresAsync();

    public IStoreBackend Another() => new SqliteBackend(null, database.DataFolder, Clock);

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        own?.Dispose();
    }
}

public sealed class SqliteEventLogTests() : EventLogContract(SqliteBackend.OpenAsync);

public sealed class SqliteErasureTests() : ErasureContract(SqliteBackend.OpenAsync);

public sealed class SqliteLogContentsTests() : LogContentsContract(SqliteBackend.OpenAsync);

public sealed class SqliteServedRecordStoreTests() : ServedRecordStoreContract(SqliteBackend.OpenAsync);

public sealed class SqliteModelStatesTests() : ModelStatesContract(SqliteBackend.OpenAsync);

public sealed class SqliteLeasesTests() : LeasesContract(SqliteBackend.OpenAsync);

public sealed class SqliteStateAndLetterTests() : StateAndLetterContract(SqliteBackend.OpenAsync);

public sealed class SqliteInteractionLogReaderTests() : InteractionLogReaderContract(SqliteBackend.OpenAsync);
