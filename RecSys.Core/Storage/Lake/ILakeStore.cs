using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// Where the lake lies. A day of a table is there complete, with its manifest, or it is not there; it never changes. Several processes may
/// publish the same day: one of them is first, and readers see one day, never a mix.
/// </summary>
public interface ILakeStore : IDisposable
{
    /// <summary>The folder or address, for messages.</summary>
    string Place { get; }

    /// <summary>Days with a manifest, in order.</summary>
    Task<IReadOnlyList<DateOnly>> ListAsync(LakeTable table, CancellationToken ct = default);

    /// <summary>Content of the day's manifest, or null when the day is not there.</summary>
    Task<byte[]?> ReadManifestAsync(LakeTable table, DateOnly day, CancellationToken ct = default);

    /// <summary>Begins to publish a day; what an earlier try left behind of it is removed.</summary>
    Task<ILakePublication> BeginAsync(LakeTable table, DateOnly day, CancellationToken ct = default);

    /// <summary>A file of a published day on this machine, its size and checksum checked.</summary>
    /// <param name="table">Which.</param>
    /// <param name="day">The day.</param>
    /// <param name="file">One of its files.</param>
    /// <param name="anew">True to look at the place itself, also where a sound copy is at hand.</param>
    /// <param name="ct">Stops.</param>
    /// <returns>Its path; it must not be changed.</returns>
    /// <exception cref="RecSysException">It is missing, or not what was published; the message names it.</exception>
    Task<string> FetchAsync(LakeTable table, DateOnly day, LakeFile file, bool anew = false, CancellationToken ct = default);

    /// <summary>Removes what publishers that are gone have left behind.</summary>
    /// <returns>How many days were torn.</returns>
    Task<int> CleanTornAsync(LakeTable table, CancellationToken ct = default);
}
