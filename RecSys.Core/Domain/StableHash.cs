using System.Text;

namespace RecSys.Core.Domain;

/// <summary>Hashing that is equal on every machine and in every run: FNV-1a, 64 bits (Fowler, Noll, Vo), over UTF-8 bytes.</summary>
public static class StableHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Hash of the text; <paramref name="seed"/> gives independent functions.</summary>
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0)
    {
        var hash = Offset ^ seed;
        Span<byte> buffer = stackalloc byte[256];
        while (!text.IsEmpty)
        {
            var take = Math.Min(text.Length, 64);
            if (take < text.Length && char.IsHighSurrogate(text[take - 1])) take++;
            var written = Encoding.UTF8.GetBytes(text[..take], buffer);
            foreach (var b in buffer[..written]) hash = (hash ^ b) * Prime;
            text = text[take..];
        }
        return Mix(hash);
    }

    // The finaliser of MurmurHash3 spreads FNV's weak high bits, so that remainders are even.
    private static ulong Mix(ulong h)
    {
        h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
        h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
        return h ^ (h >> 33);
    }
}
