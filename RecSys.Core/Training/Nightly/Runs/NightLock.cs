using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>
/// One run at a time per data folder on a machine: the file <c>night.lock</c> is held for as long as the process lives, and
/// <c>night.owner</c> beside it says who it is. The operating system lets go of what a killed process held.
/// </summary>
internal sealed class NightLock : IDisposable
{
    private const string LockName = "night.lock";
    private const string OwnerName = "night.owner";

    private readonly FileStream file;
    private readonly string nights;

    private NightLock(FileStream file, string nights, string? before) => (this.file, this.nights, Before) = (file, nights, before);

    /// <summary>Who held it and did not give it back; null where everybody did.</summary>
    public string? Before { get; }

    /// <param name="nights">Folder of the runs; made when it is missing.</param>
    /// <param name="now">Told to others.</param>
    /// <exception cref="RecSysException">Another run has it, or the folder cannot be written.</exception>
    public static NightLock Take(string nights, DateTimeOffset now)
    {
        var file = Hold(nights);
        var before = Owner(nights);
        try
        {
            File.WriteAllText(Path.Combine(nights, OwnerName), string.Create(CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} since {now:u}"));
            return new NightLock(file, nights, before);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The lock was free: whoever is named as its owner is gone, and this run must not keep others out.
            file.Dispose();
            throw FolderFault.Writing(nights, "The night was not begun", failure);
        }
    }

    private static FileStream Hold(string nights)
    {
        try
        {
            Directory.CreateDirectory(nights);
            return new FileStream(Path.Combine(nights, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Owner(nights) is { } owner
                ? new RecSysException($"A nightly run is at work in {nights} already ({owner}). Wait for it, or stop it: what it has "
                    + "finished is kept.", failure) { IsSkip = true }
                : new RecSysException(
                    $"{Path.Combine(nights, LockName)} cannot be held: {WrongKind.Explain(failure) ?? failure.Message}", failure);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(Path.Combine(nights, OwnerName));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The lock is what counts, and it goes with the handle.
        }
        file.Dispose();
    }

    private static string? Owner(string nights)
    {
        try
        {
            return File.Exists(Path.Combine(nights, OwnerName)) ? File.ReadAllText(Path.Combine(nights, OwnerName)) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
