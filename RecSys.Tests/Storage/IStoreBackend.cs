using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Tests.Storage;

/// <summary>A fresh, empty database for one test. The contract suites run against every backend.</summary>
public interface IStoreBackend : IAsyncDisposable
{
    /// <summary>The store's clock; begins at <see cref="Sample.Noon"/>.</summary>
    FakeTimeProvider Clock { get; }
    IEventLog EventLog { get; }
    IEventImport Import { get; }
    ILogContents Contents { get; }
    IServedRecordStore ServedRecords { get; }
    IUserStateStore UserStates { get; }
    IDeadLetters DeadLetters { get; }
    IDataSurvey Survey { get; }
    IUserArchive Archive { get; }
    IModelStates Models { get; }
    ILeases Leases { get; }
    IInteractionLogReader Log { get; }

    /// <summary>Completes when erased users have been stripped everywhere.</summary>
    Task FinishErasuresAsync();

    /// <summary>The same data through connections of its own, as another process has them.</summary>
    IStoreBackend Another();
}
