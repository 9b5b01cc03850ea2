using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Whether a file is the one that the manifest names.</summary>
internal static class LakeFileCheck
{
    /// <returns>What is wrong with the file; null when it is sound.</returns>
    internal static async Task<string?> FindFaultAsync(string path, LakeFile file, CancellationToken ct)
    {
        var info = new FileInfo(path);
        if (!info.Exists) return "is missing";
        if (info.Length != file.Bytes) return $"has {info.Length} bytes instead of {file.Bytes}";
        try
        {
            return (await FileDigest.OfAsync(path, ct)).Sha256 == file.Sha256 ? null : "is not what was written: its checksum differs";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(path, failure);
        }
    }

    /// <exception cref="RecSysException">The file is missing or damaged.</exception>
    internal static async Task RequireAsync(string path, LakeFile file, CancellationToken ct)
    {
        if (await FindFaultAsync(path, file, ct) is { } fault) throw new RecSysException($"{path} {fault}. {LakeAdvice.ExportAgain}");
    }
}
