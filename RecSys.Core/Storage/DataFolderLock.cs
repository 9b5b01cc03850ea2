using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>
/// Says that a server serves from a data folder: the file <c>server.lock</c> is held for as long as the process lives, and
/// <c>server.address</c> beside it names process and address. Imports beside it keep to its pace; a second server and a restore are
/// refused.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    private const string LockName = "server.lock";
    private const string AddressName = "server.address";

    private readonly FileStream file;
    private readonly string folder;

    private DataFolderLock(FileStream file, string folder) => (this.file, this.folder) = (file, folder);

    /// <summary>Takes the folder.</summary>
    /// <param name="dataFolder">An existing folder.</param>
    /// <exception cref="RecSysException">Another process has it, or the files cannot be written.</exception>
    public static DataFolderLock Take(string dataFolder)
    {
        if (FindHolder(dataFolder) is { } holder)
            throw new RecSysException(
                $"The data folder {dataFolder} is in use by a server ({holder}). Stop it first, or choose another folder.");
        try
        {
            var file = Open(dataFolder, FileMode.OpenOrCreate);
            File.WriteAllText(Path.Combine(dataFolder, AddressName),
                string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}"));
            return new DataFolderLock(file, dataFolder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{Path.Combine(dataFolder, LockName)} cannot be held: {failure.Message}", failure);
        }
    }

    /// <summary>Says where the server listens, once that is known.</summary>
    public void Announce(string address) =>
        File.WriteAllText(Path.Combine(folder, AddressName),
            string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} at {address}"));

    /// <summary>
    /// Who serves from the folder, as <c>process 1234 at http://...</c> or, while it starts, without the address; null when nobody does.
    /// </summary>
    public static string? FindHolder(string dataFolder)
    {
        if (!File.Exists(Path.Combine(dataFolder, LockName))) return null;
        try
        {
            // Left behind by a process that was killed: the operating system has let go of it.
            using var probe = Open(dataFolder, FileMode.Open);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Describe(Path.Combine(dataFolder, AddressName));
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        File.Delete(Path.Combine(folder, AddressName));
        file.Dispose();
    }

    private static FileStream Open(string folder, FileMode mode) =>
        new(Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);

    private static string Describe(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
