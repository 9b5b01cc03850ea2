using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Backup;

/// <summary>What is in a backup: the file <c>backup.json</c>, written last.</summary>
/// <param name="Format">Raised when the layout of backups changes.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="Epoch">Epoch of the log that was copied.</param>
/// <param name="Position">Position of the last entry in it.</param>
/// <param name="Files">Every other file, by path within the backup.</param>
public sealed record BackupManifest(
    [property: JsonPropertyName("format")] int Format,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("epoch")] long Epoch,
    [property: JsonPropertyName("position")] long Position,
    [property: JsonPropertyName("files")] IReadOnlyList<BackupFile> Files)
{
    internal const string FileName = "backup.json";
    internal const int Newest = 1;

    internal string ToJson() => JsonSerializer.Serialize(this, BackupJson.Default.BackupManifest);

    /// <exception cref="RecSysException">The folder holds no complete backup, or one of a newer version.</exception>
    internal static async Task<BackupManifest> ReadAsync(string folder, CancellationToken ct)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new RecSysException($"{folder} holds no complete backup: {FileName} is missing. Choose a folder that backup has made.");
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(await File.ReadAllTextAsync(path, ct), BackupJson.Default.BackupManifest);
        }
        catch (JsonException failure)
        {
            throw new RecSysException($"{path} is damaged: {JsonFaults.Describe(failure)}. Choose another backup.", failure);
        }
        if (manifest is not { Format: Newest, Files: not null })
            throw new RecSysException($"{path} is of format {manifest?.Format}, this version of RecSys reads {Newest}. Restore it "
                + "with the version that made it.");
        return manifest;
    }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
