using System.Text;

namespace RecSys.Core.Models.Signing;

/// <summary>
/// Content of <see cref="BundleFiles.Signature"/>: one line of algorithm, key and signature in Base64. There is exactly one way to write
/// it, so that a changed byte is never taken for the same signature.
/// </summary>
/// <param name="Algorithm"><see cref="SigningKey.Algorithm"/>.</param>
/// <param name="KeyId"><see cref="SigningKey.Id"/>.</param>
/// <param name="Value">Of the bytes of the manifest.</param>
internal sealed record ManifestSignature(string Algorithm, string KeyId, byte[] Value)
{
    /// <summary>A larger file is refused unread.</summary>
    public const int MaxBytes = 1024;

    public byte[] ToBytes() => Encoding.ASCII.GetBytes($"{Algorithm} {KeyId} {Convert.ToBase64String(Value)}\n");

    /// <returns>Null when the bytes are not what <see cref="ToBytes"/> writes.</returns>
    public static ManifestSignature? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes) return null;
        var parts = Encoding.ASCII.GetString(bytes).TrimEnd('\n').Split(' ');
        var value = new byte[MaxBytes];
        if (parts.Length != 3 || !Convert.TryFromBase64String(parts[2], value, out var length)) return null;
        var signature = new ManifestSignature(parts[0], parts[1], value[..length]);
        return bytes.SequenceEqual(signature.ToBytes()) ? signature : null;
    }
}
