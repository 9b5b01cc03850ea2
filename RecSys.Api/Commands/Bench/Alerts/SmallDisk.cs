using System.Diagnostics;
using RecSys.Core.Domain;

namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>A file system of its own in memory, so that one can be filled. Mounting takes root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="RecSysException">This account may not mount.</exception>
    public static SmallDisk Mount(long bytes) => TryMount(bytes)
        ?? throw new RecSysException("bench alerts fills a disk of its own and needs to mount one (tmpfs): run it as root.");

    /// <summary>Null where this account may not mount.</summary>
    public static SmallDisk? TryMount(long bytes)
    {
        var path = Directory.CreateTempSubdirectory("recsys-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", path) == 0) return new SmallDisk(path);
        Directory.Delete(path);
        return null;
    }

    /// <summary>Writes a file until only so small a share of its disk is free.</summary>
    public static void Fill(string file, double leave)
    {
        var drive = new DriveInfo(file);
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[1 << 16];
        while (drive.AvailableFreeSpace - block.Length > leave * drive.TotalSize) stream.Write(block);
    }

    public void Dispose()
    {
        // Lazily: a process that was killed may still be on its way out.
        _ = Run("umount", "-l", Path);
        Directory.Delete(Path, recursive: true);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
