using System.Runtime.Intrinsics;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Expressions.Plans;

/// <summary>Which of a run of items may be served, one bit each.</summary>
internal static class ServableBits
{
    /// <param name="catalog">The items.</param>
    /// <param name="first">Number of the first item, a multiple of 64.</param>
    /// <param name="bits">Gets the bits of items of one chunk.</param>
    public static void Read(ItemCatalog catalog, int first, Span<ulong> bits)
    {
        var flags = catalog.FlagChunk(first)[(first & ItemChunk.Mask)..];
        var servable = Vector512.Create(ItemChunk.Servable);
        for (var word = 0; word < bits.Length; word++)
        {
            bits[word] = Vector512.Equals(Vector512.Create(flags[(word * 64)..]) & servable, servable).ExtractMostSignificantBits();
        }
    }
}
