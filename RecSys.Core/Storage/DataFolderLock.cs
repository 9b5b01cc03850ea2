using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>
/// Says that a server serves from a data folder: the file <c>server.lock</c>, held for as long as the process lives, with its process id and address. Imports beside
/// it keep to its pace, a second server and a restore are refused.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    /// <summary>Name of the file within the data folder.</summary>
    public const string FileName = "server.lock";

    private readonly FileStream file;

    private DataFolderLock(FileStream file) => this.file = file;

    /// <summary>Takes the folder.</summary>
    /// <param name="dataFolder">An existing folder.</param>
    /// <param name="address">Where the server listens, for others to show.</param>
    /// <exception cref="RecSysException">Another process has it, or the file cannot be written.</exception>
    public static DataFolderLock Take(string dataFolder, string address)
    {
        var path = Path.Combine(dataFolder, FileName);
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            try
            {
                // Readers must be able to open the file, so writing is what is locked.
                file.Lock(0, 1);
                file.SetLength(0);
                using var writer = new StreamWriter(file, leaveOpen: true);
                writer.Write(string.Create(CultureInfo.InvariantCulture, $" {Environment.ProcessId} {address}\n"));
                writer.Flush();
                return new DataFolderLock(file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (IOException) when (FindHolder(dataFolder) is { } holder)
        {
            throw new RecSysException($"The data folder {dataFolder} is in use by a server ({holder}). Stop it first, or choose another folder.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{path} cannot be written: {failure.Message}", failure);
        }
    }

    /// <summary>Who serves from the folder, as "process 1234 at http://...", or null when nobody does.</summary>
    public static string? FindHolder(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            probe.Lock(0, 1);
            // Left behind by a process that was killed: the operating system has let go of it.
            probe.Unlock(0, 1);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Describe(path);
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        file.SetLength(0);
        file.Dispose();
    }

    private static string Describe(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var parts = reader.ReadToEnd().Trim().Split(' ', 2);
            return parts.Length == 2 ? $"process {parts[0]} at {parts[1]}" : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
