using Mounted = RecSys.Api.Commands.Bench.Alerts.SmallDisk;

namespace RecSys.Tests.Fixtures;

/// <summary>A file system of its own of a few megabytes, in memory, that a test may fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Filler = "filler";
    private readonly Mounted disk;

    private SmallDisk(Mounted disk) => this.disk = disk;

    public string Path => disk.Path;

    /// <summary>Mounts it; skips the test where this account may not.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        if (Mounted.TryMount((long)megabytes << 20) is { } disk) return new SmallDisk(disk);
        Assert.Skip("This account may not mount a file system (mount -t tmpfs), so there is no disk to fill.");
        return null;
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

    public void Dispose() => disk.Dispose();
}
