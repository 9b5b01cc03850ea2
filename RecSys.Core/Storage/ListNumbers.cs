using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RecSys.Core.Storage;

/// <summary>
/// Numbers request ids from 1 on, in the order in which they come. Ids themselves are not kept: of a log with millions of lists they would
/// take more memory than their events, so each is known by half of its SHA-256.
/// </summary>
internal sealed class ListNumbers
{
    private readonly Dictionary<UInt128, int> numbers = [];
    private UInt128 latest;
    private int number;

    public int Of(ReadOnlySpan<byte> requestId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(requestId, hash);
        var key = MemoryMarshal.Read<UInt128>(hash);
        // The rows of a list mostly follow each other.
        if (key == latest && number > 0) return number;
        latest = key;
        if (!numbers.TryGetValue(key, out number)) numbers.Add(key, number = numbers.Count + 1);
        return number;
    }
}
