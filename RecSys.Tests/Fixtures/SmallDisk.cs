using System.Diagnostics;

namespace RecSys.Tests.Fixtures;

/// <summary>A file system of its own of a few megabytes, in memory, that a test may fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Filler = "filler";
    private readonly TemporaryFolder folder = new();

    private SmallDisk(int megabytes) => IsMounted = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder.Path) == 0;

    public string Path => folder.Path;

    private bool IsMounted { get; }

    /// <summary>Mounts it; skips the test where this account may not.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        var disk = new SmallDisk(megabytes);
        if (disk.IsMounted) return disk;
        disk.Dispose();
        Assert.Skip("This account may not mount a file system (mount -t tmpfs), so there is no disk to fill.");
        return disk;
    }

    /// <summary>Leaves only so many bytes free.</summary>
    public void Fill(long leave = 0)
    {
        using var file =
            new FileStream(System.IO.Path.Combine(Path, Filler), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
        file.SetLength(Math.Max(0, file.Length - leave));
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(System.IO.Path.Combine(Path, Filler));

    public void Dispose()
    {
        // Lazily: a process that was killed may still be on its way out.
        if (IsMounted) _ = Run("umount", "-l", folder.Path);
        folder.Dispose();
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
