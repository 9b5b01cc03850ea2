namespace RecSys.Core.Storage;

/// <summary>
/// Work that one process at a time does, also where several machines share the store. A lease is held until it is given back or not renewed
/// in time; then anybody may take it over. Every change compares what is stored before it writes, in one transaction.
/// </summary>
public interface ILeases
{
    /// <summary>Takes a lease that nobody holds, that has expired, or whose holder is known to be gone.</summary>
    /// <param name="name">Of the work; 1 to 256 characters.</param>
    /// <param name="owner">Who takes it, for whoever finds it taken; 1 to 256 characters.</param>
    /// <param name="length">Until when it is held without a renewal, from now on by the store's clock.</param>
    /// <param name="gone">Tells of a holder whether it is gone for sure although its time is not up; null: nothing is known.</param>
    /// <param name="ct">Stops before anything is taken.</param>
    Task<LeaseAttempt> TakeAsync(
        string name, string owner, TimeSpan length, Func<LeaseRecord, bool>? gone = null, CancellationToken ct = default);

    /// <summary>Holds a lease for longer.</summary>
    /// <returns>False when somebody else has taken it meanwhile, or it was given back.</returns>
    Task<bool> RenewAsync(string name, long token, TimeSpan length, CancellationToken ct = default);

    /// <summary>Gives a lease back; nothing happens when it is somebody else's by now.</summary>
    Task ReleaseAsync(string name, long token, CancellationToken ct = default);

    /// <summary>Who holds a lease, or held it last; null where nobody ever did.</summary>
    Task<LeaseRecord?> FindAsync(string name, CancellationToken ct = default);
}
