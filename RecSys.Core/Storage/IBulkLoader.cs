namespace RecSys.Core.Storage;

/// <summary>Loads large amounts in one transaction.</summary>
public interface IBulkLoader
{
    /// <summary>
    /// Starts a load. It is the only writer until it is disposed of; readers see the store as it was before.
    /// Meant for imports, not for use beside live traffic.
    /// </summary>
    /// <exception cref="Domain.RecSysException">Another writer did not finish in time.</exception>
    Task<IBulkLoad> BeginAsync(CancellationToken ct = default);
}
