using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Storage;

/// <summary>The stores over one data folder, whatever keeps them. Disposal closes every connection.</summary>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Full path of the folder.</summary>
    string DataFolder { get; }

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

    /// <summary>Takes the subject out of what is still stored of erased users; call it after the start.</summary>
    Task FinishErasuresAsync(CancellationToken ct = default);
}
