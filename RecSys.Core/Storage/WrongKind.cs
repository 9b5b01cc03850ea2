using System.Text.RegularExpressions;

namespace RecSys.Core.Storage;

/// <summary>
/// Recognises a folder where a file belongs and the other way round: what the system says of it ("access denied") sends people to look at
/// permissions.
/// </summary>
public static partial class WrongKind
{
    /// <summary>A sentence that names the path and what to do; null where the failure is of another kind.</summary>
    public static string? Explain(Exception failure)
    {
        if (failure is not (IOException or UnauthorizedAccessException)) return null;
        if (Quoted().Match(failure.Message) is not { Success: true } match) return null;
        var path = match.Groups[1].Value;
        if (IsReadableFolder(path)) return $"{path} is a folder where a file belongs. Move it away and try again.";
        return failure.Message.Contains("already exists", StringComparison.Ordinal) && File.Exists(path)
            ? $"{path} is a file where a folder belongs. Move it away and try again." : null;
    }

    // The system says the same of a folder that may not be read, and there rights are what is wrong.
    private static bool IsReadableFolder(string path)
    {
        if (!Directory.Exists(path)) return false;
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(path).GetEnumerator();
            entries.MoveNext();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex("'([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
