using RecSys.Core.Domain;

namespace RecSys.Core.Import;

/// <summary>Access to the files of an import; what cannot be read ends in a message that names it.</summary>
internal static class ImportFiles
{
    /// <summary>Checks that the directory has all the files.</summary>
    /// <param name="directory">The data set's directory.</param>
    /// <param name="dataSet">Name of the data set, for the message.</param>
    /// <param name="patterns">File names, or patterns that must match at least one file.</param>
    /// <exception cref="RecSysException">The directory or a file is missing.</exception>
    internal static void Require(string directory, string dataSet, params ReadOnlySpan<string> patterns)
    {
        if (File.Exists(directory)) throw new RecSysException($"{directory} is a file; give the directory of {dataSet}.");
        if (!Directory.Exists(directory)) throw new RecSysException($"There is no directory {directory}.");
        foreach (var pattern in patterns)
        {
            if (Directory.EnumerateFiles(directory, pattern).Any()) continue;
            throw new RecSysException($"There is no {pattern} in {directory}. The directory of {dataSet} holds {string.Join(", ", patterns!)}.");
        }
    }

    internal static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new RecSysException($"{path} is a directory; give a file.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
