using RecSys.Core.Domain;

namespace RecSys.Core.Import.Files;

/// <summary>The files of an import: which they are, and that they are there.</summary>
internal static class ImportFiles
{
    // What a name may end with beside its own ending.
    private static readonly string[] Packed = ["", ".gz", ".gzip", ".zst", ".zstd"];

    /// <summary>
    /// The files meant: each path is a file, a folder (its files with one of the endings, packed or not) or a pattern with * and ? in the
    /// name. Those of a folder or pattern come in the order of their names.
    /// </summary>
    /// <exception cref="RecSysException">Nothing is there.</exception>
    internal static IReadOnlyList<string> Expand(IEnumerable<string> paths, params string[] endings)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path)) files.AddRange(Found(path, "*", name => EndsWithOne(name, endings), path, endings));
            else if (!File.Exists(path) && Path.GetFileName(path).AsSpan().IndexOfAny('*', '?') >= 0)
                files.AddRange(Found(Folder(path), Path.GetFileName(path), _ => true, path, endings));
            else files.Add(path);
        }
        return files;
    }

    /// <summary>Checks that the directory has all the files.</summary>
    /// <param name="directory">The data set's directory.</param>
    /// <param name="dataSet">Name of the data set, for the message.</param>
    /// <param name="patterns">File names, or patterns that must match at least one file.</param>
    /// <exception cref="RecSysException">The directory or a file is missing.</exception>
    internal static void Require(string directory, string dataSet, params ReadOnlySpan<string> patterns)
    {
        RequireDirectory(directory, dataSet);
        foreach (var pattern in patterns)
        {
            if (Matching(directory, pattern).Any()) continue;
            throw new RecSysException(
                $"There is no {pattern} in {directory}. The directory of {dataSet} holds {string.Join(", ", patterns!)}.");
        }
    }

    /// <exception cref="RecSysException">It is a file, or not there.</exception>
    internal static void RequireDirectory(string directory, string dataSet)
    {
        if (File.Exists(directory)) throw new RecSysException($"{directory} is a file; give the directory of {dataSet}.");
        if (!Directory.Exists(directory)) throw new RecSysException($"There is no directory {directory}.");
    }

    /// <summary>Files of a directory by a pattern, packed or not, in the order of their names.</summary>
    internal static IEnumerable<string> Matching(string directory, string pattern) =>
        Packed.SelectMany(packed => Directory.EnumerateFiles(directory, pattern + packed)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>True for a file whose name ends so, packed or not.</summary>
    internal static bool HasEnding(string path, string ending) => EndsWithOne(path, [ending]);

    private static List<string> Found(string folder, string pattern, Func<string, bool> fits, string asked, string[] endings)
    {
        List<string> found = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, pattern).Where(fits).Order(StringComparer.Ordinal)] : [];
        return found.Count > 0
            ? found
            : throw new RecSysException($"There is no file for {asked}. A folder's files must end with {string.Join(", ", endings)}, "
                + "with .gz or .zst behind it or without; a pattern such as 'logs/*.csv' stands in quotes.");
    }

    private static string Folder(string path) => Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".";

    private static bool EndsWithOne(string path, string[] endings) => endings.Any(
        ending => Packed.Any(packed => path.EndsWith(ending + packed, StringComparison.OrdinalIgnoreCase)));
}
