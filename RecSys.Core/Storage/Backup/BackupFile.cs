using System.Text.Json.Serialization;

namespace RecSys.Core.Storage.Backup;

/// <summary>One file of a backup.</summary>
/// <param name="Path">Within the backup, with forward slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the content, lower-case hexadecimal.</param>
public sealed record BackupFile(
    [property: JsonPropertyName("path")] string Path, [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("sha256")] string Sha256);
