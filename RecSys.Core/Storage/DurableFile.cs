using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RecSys.Core.Storage;

/// <summary>Writes that are on the disk, not only in the kernel's memory, when the method returns.</summary>
internal static partial class DurableFile
{
    private const int OpenReadOnly = 0;

    /// <summary>
    /// Replaces a file in one step: a reader, or a restart after a power cut, sees the old or the new content, never a mix.
    /// </summary>
    public static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var temporary = TemporaryOf(path);
        try
        {
            await File.WriteAllBytesAsync(temporary, content, cancellationToken);
            TakePlace(temporary, path);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    /// <inheritdoc cref="ReplaceAsync"/>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = TemporaryOf(path);
        try
        {
            File.WriteAllBytes(temporary, content);
            TakePlace(temporary, path);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    /// <summary>Forces a file's content to the disk.</summary>
    public static void Flush(string path)
    {
        // Windows flushes what is open for writing only; elsewhere a file that may not be written can be flushed, too.
        using var handle = File.OpenHandle(path, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Forces a folder's entries (creations, renames) to the disk. Windows has no such call and needs none.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        // .NET refuses to open folders, so the call goes to the C library.
        var descriptor = Open(folder, OpenReadOnly);
        if (descriptor < 0) throw LastError($"Cannot open the folder {folder}");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Sync(handle) != 0) throw LastError($"Cannot write the folder {folder} to the disk");
    }

    private static string TemporaryOf(string path) => $"{path}.tmp-{Guid.NewGuid():N}";

    private static void TakePlace(string temporary, string path)
    {
        Flush(temporary);
        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written has no temporary file either; the first failure is the one to tell.
        }
    }

    private static IOException LastError(string what)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{what}: {cause.Message}.", cause);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);
}
