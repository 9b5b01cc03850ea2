using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Models;

/// <summary>
/// The versions in a models folder and which of them is champion. All state is in files, so several processes may share the folder.
/// </summary>
/// <param name="modelsRoot">Folder of the bundles; may be missing as long as nothing was published.</param>
/// <param name="time">Clock for <see cref="ChampionPointer.Since"/>.</param>
public sealed class ModelRegistry(string modelsRoot, TimeProvider? time = null)
{
    private const string ChampionFile = "champion.json";
    private const int MaxPointerBytes = 64 << 10;

    private readonly TimeProvider time = time ?? TimeProvider.System;

    public string ModelsRoot => modelsRoot;

    /// <summary>
    /// All versions, newest first: semantic versions by number, then other names by name. Folders whose names no version can have are
    /// passed over.
    /// </summary>
    /// <exception cref="RecSysException">The models folder cannot be read.</exception>
    public async Task<IReadOnlyList<ModelVersion>> ListAsync(CancellationToken cancellationToken = default)
    {
        var versions = new List<ModelVersion>();
        foreach (var folder in Entries().Where(Directory.Exists))
        {
            var name = Path.GetFileName(folder);
            if (BundleName.IsValid(name)) versions.Add(await DescribeAsync(name, cancellationToken));
        }
        versions.Sort((a, b) => SemanticVersion.Compare(b.Version, a.Version));
        return versions;
    }

    /// <summary>One version; torn with a reason when it does not exist.</summary>
    public async Task<ModelVersion> DescribeAsync(string version, CancellationToken cancellationToken = default)
    {
        BundleManifest? manifest = null;
        try
        {
            manifest = await BundleVerifier.VerifyShapeAsync(BundleName.Resolve(modelsRoot, version), cancellationToken);
            return new ModelVersion(version, ModelVersionState.Valid, null, manifest);
        }
        catch (RecSysException e)
        {
            return new ModelVersion(version, ModelVersionState.Torn, e.Message, manifest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ModelVersion(version, ModelVersionState.Torn, FolderFault.Reading(Path.Combine(modelsRoot, version), e).Message,
                manifest);
        }
    }

    /// <summary>The folder of a version.</summary>
    /// <exception cref="RecSysException">The name is not allowed or a link.</exception>
    public string FolderOf(string version) => BundleName.Resolve(modelsRoot, version);

    /// <summary>The champion, or null when none was set.</summary>
    /// <exception cref="RecSysException">The pointer file is damaged, or cannot be read.</exception>
    public async Task<ChampionPointer?> ReadChampionAsync(CancellationToken cancellationToken = default)
    {
        var path = Path.Combine(modelsRoot, ChampionFile);
        var file = new FileInfo(path);
        try
        {
            if (!file.Exists && !Directory.Exists(path)) return null;
            var pointer = !file.Exists || file.LinkTarget is not null || file.Length > MaxPointerBytes
                ? null
                : JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), BundleJson.Default.ChampionPointer);
            if (pointer is not null && BundleName.IsValid(pointer.Version)) return pointer;
        }
        catch (JsonException)
        {
            // Told below, with what to do.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(path, e);
        }
        throw new RecSysException($"{path} is damaged. Set the champion again with: models promote VERSION.");
    }

    /// <summary>Makes a version the champion, in one step that survives a power cut.</summary>
    /// <exception cref="RecSysException">The version is torn or missing, or the folder cannot be written; the old champion
    /// stays.</exception>
    public async Task SetChampionAsync(string version, CancellationToken cancellationToken = default)
    {
        var described = await DescribeAsync(version, cancellationToken);
        if (described.State != ModelVersionState.Valid)
        {
            var torn = Directory.Exists(Path.Combine(modelsRoot, version)) ? ": it is torn" : "";
            throw new RecSysException($"{version} cannot become champion{torn}. {described.Reason}");
        }
        ChampionPointer? current = null;
        try
        {
            current = await ReadChampionAsync(cancellationToken);
        }
        catch (RecSysException)
        {
            // A damaged pointer is what this call repairs.
        }
        if (current?.Version == version) return;
        var next = new ChampionPointer(version, current?.Version, time.GetUtcNow());
        await WriteAsync(
            Path.Combine(modelsRoot, ChampionFile), JsonSerializer.SerializeToUtf8Bytes(next, BundleJson.Default.ChampionPointer),
            $"{version} did not become champion", cancellationToken);
    }

    /// <summary>
    /// The next semantic version: the highest of which the folder holds anything, torn and unfinished ones included, with its last
    /// number raised by one; <c>v1.0.0</c> in an empty folder.
    /// </summary>
    /// <exception cref="RecSysException">The models folder cannot be read.</exception>
    public string NextVersion()
    {
        SemanticVersion? highest = null;
        foreach (var name in Entries().Select(path => Path.GetFileName(path)))
        {
            var found = SemanticVersion.FindIn(name);
            if (found is not null && (highest is null || found.CompareTo(highest) > 0)) highest = found;
        }
        return highest is null ? "v1.0.0" : $"v{highest.Major}.{highest.Minor}.{highest.Patch + 1}";
    }

    private string[] Entries()
    {
        try
        {
            return Directory.Exists(modelsRoot) ? Directory.GetFileSystemEntries(modelsRoot) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(modelsRoot, e);
        }
    }

    private async Task WriteAsync(string path, byte[] content, string outcome, CancellationToken cancellationToken)
    {
        try
        {
            await DurableFile.ReplaceAsync(path, content, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(modelsRoot, outcome, e);
        }
    }
}
