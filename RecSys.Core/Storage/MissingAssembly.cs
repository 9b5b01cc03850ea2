namespace RecSys.Core.Storage;

/// <summary>
/// Recognises that a part of the program itself is gone or damaged, which the system reports in the shape of a file that cannot be read:
/// looking at disks and permissions of the data would be of no use.
/// </summary>
public static class MissingAssembly
{
    /// <summary>A sentence that names the part and what to do; null where the failure is of another kind.</summary>
    public static string? Explain(Exception failure)
    {
        var name = failure switch
        {
            FileLoadException load => load.FileName ?? load.Message,
            FileNotFoundException { FileName: { } file } when IsDisplayName(file) => file,
            _ => null,
        };
        return name is null ? null
            : $"A part of this program cannot be loaded: {name.Split(',')[0]}. It is missing or damaged, and neither data nor "
                + "permissions are at fault. Install the program again, all of its files.";
    }

    // Of an assembly, in place of the path of a file.
    private static bool IsDisplayName(string name) =>
        name.Contains(", Version=", StringComparison.Ordinal) || name.Contains(", Culture=", StringComparison.Ordinal)
        || name.Contains(", PublicKeyToken=", StringComparison.Ordinal);
}
