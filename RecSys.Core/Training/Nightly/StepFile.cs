using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace RecSys.Core.Training.Nightly;

/// <summary>A file that a step reads or writes, or something outside that stands for one.</summary>
/// <param name="Path">Within the run's folder, with slashes; of something outside its name.</param>
/// <param name="Sha256">Of its content, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Its size.</param>
public sealed record StepFile(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("sha256")] string Sha256,
    [property: JsonPropertyName("bytes")] long Bytes)
{
    /// <summary>Something outside that is told by this content.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="content">Changes when it does.</param>
    /// <param name="bytes">Its size; null: that of the content.</param>
    internal static StepFile Of(string name, ReadOnlySpan<byte> content, long? bytes = null) =>
        new(name, Convert.ToHexStringLower(SHA256.HashData(content)), bytes ?? content.Length);
}
