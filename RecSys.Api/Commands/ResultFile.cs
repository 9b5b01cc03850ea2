using System.Text;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands;

/// <summary>
/// The file of <c>--json</c> of a command that runs for hours: replaced as a whole by each writing, so that whoever ends the run finds what
/// was finished.
/// </summary>
internal static class ResultFile
{
    /// <param name="path">Where; its folder is there. A device, or a file behind a link, is written to and not replaced.</param>
    /// <param name="json">The content.</param>
    /// <exception cref="Core.Domain.RecSysException">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, string json)
    {
        var full = Path.GetFullPath(path);
        var content = Encoding.UTF8.GetBytes(json);
        try
        {
            if (IsPlain(full)) await DurableFile.ReplaceAsync(full, content, CancellationToken.None);
            else await File.WriteAllBytesAsync(full, content, CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(Path.GetDirectoryName(full)!, $"The figures were not written to {path}", failure);
        }
    }

    private static bool IsPlain(string path) =>
        !path.StartsWith("/dev/", StringComparison.Ordinal) && new FileInfo(path).LinkTarget is null;
}
