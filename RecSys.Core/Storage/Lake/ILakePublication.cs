using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>A day that is being published. Disposal before <see cref="CommitAsync"/> leaves nothing behind.</summary>
public interface ILakePublication : IDisposable
{
    /// <summary>A folder of this machine for the day's files.</summary>
    string Folder { get; }

    /// <summary>Makes the day visible: all files, and the manifest last. A day that somebody else has published meanwhile stays.</summary>
    /// <param name="manifest">Names the files of <see cref="Folder"/>, which are on the disk.</param>
    /// <param name="ct">Stops before the day is visible.</param>
    /// <returns>False when somebody else had published the day: it stays as it is.</returns>
    /// <exception cref="RecSysException">The place takes no more, or cannot be reached.</exception>
    Task<bool> CommitAsync(LakeManifest manifest, CancellationToken ct = default);
}
