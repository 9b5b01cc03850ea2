using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace RecSys.Core.Retrieval.Text;

/// <summary>sha256 of a text's UTF-16 code units: the same text has the same embedding.</summary>
internal readonly record struct TextKey(UInt128 High, UInt128 Low)
{
    public const int Size = 32;

    public static TextKey Of(string text)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(Encoding.Unicode.GetBytes(text), hash);
        return Read(hash);
    }

    public static TextKey Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<TextKey>(bytes);

    public void Write(Span<byte> bytes) => MemoryMarshal.Write(bytes, in this);
}
