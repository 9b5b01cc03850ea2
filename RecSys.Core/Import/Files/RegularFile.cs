using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Files;

/// <summary>
/// Tells files from named pipes and devices, whose opening or reading may never end. Pipes that the shell hands over with their writer
/// (<c>/dev/stdin</c>, <c>&lt;(zcat …)</c>) are read like files.
/// </summary>
internal static partial class RegularFile
{
    // open(2) of Linux: read only, do not wait for a writer, close on exec.
    private const int WithoutWaiting = 0x800 | 0x80000;

    private static readonly string[] HandedOver = ["/dev/stdin", "/dev/fd/", "/proc/"];

    /// <exception cref="RecSysException">It is a named pipe or a device. What is not there or may not be read passes.</exception>
    internal static void Require(string path)
    {
        if (!OperatingSystem.IsLinux() || HandedOver.Any(start => path.StartsWith(start, StringComparison.Ordinal))) return;
        using var handle = new SafeFileHandle(Open(path, WithoutWaiting), ownsHandle: true);
        if (handle.IsInvalid) return;
        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        if (!stream.CanSeek)
            throw new RecSysException($"{path} is a named pipe or a device and no file, so that reading it may never end. Give a file, "
                + "or let the shell hand the content over: import … <(command), or import … /dev/stdin.");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
