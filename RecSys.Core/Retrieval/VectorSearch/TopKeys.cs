using System.Runtime.Intrinsics;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// Keeps the k best of a stream of scored rows. A score and its row become one 64-bit key that sorts by score, then by lower row,
/// so ties need no second comparison. Candidates above the running threshold gather in a buffer that is cut back to k when it is full.
/// </summary>
internal struct TopKeys
{
    private readonly ulong[] keys;
    private readonly int capacity;
    private readonly int k;
    private int held;
    private float threshold = float.NegativeInfinity;
    private bool full;

    /// <param name="buffer">At least <see cref="CapacityFor"/> keys.</param>
    /// <param name="k">How many to keep, at least 1.</param>
    /// <param name="block">Largest number of scores offered at once.</param>
    public TopKeys(ulong[] buffer, int k, int block)
    {
        keys = buffer;
        capacity = CapacityFor(k, block);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, capacity, nameof(buffer));
        this.k = k;
    }

    // Room for k more before a cut makes the cost of a cut (a sort) constant per candidate.
    public static int CapacityFor(int k, int block) => checked(k + Math.Max(k, 256) + block);

    /// <summary>
    /// Rows are numbered from <paramref name="firstRow"/> and must rise from call to call; scores that are not numbers are skipped.
    /// </summary>
    public void Offer(ReadOnlySpan<float> scores, int firstRow)
    {
        if (held + scores.Length > capacity) Cut();
        var at = 0;
        if (full)
        {
            // A later row needs more than the k-th score: with an equal one it loses to the lower row.
            var limit = Vector256.Create(threshold);
            for (; at + Vector256<float>.Count <= scores.Length; at += Vector256<float>.Count)
            {
                var bits = Vector256.GreaterThan(Vector256.Create(scores[at..]), limit).ExtractMostSignificantBits();
                for (; bits != 0; bits &= bits - 1)
                {
                    var lane = at + int.TrailingZeroCount((int)bits);
                    keys[held++] = Key(scores[lane], firstRow + lane);
                }
            }
        }
        for (; at < scores.Length; at++)
        {
            if (full ? scores[at] > threshold : !float.IsNaN(scores[at])) keys[held++] = Key(scores[at], firstRow + at);
        }
    }

    /// <summary>Writes the best first and returns how many there are.</summary>
    public int Drain(Span<long> ids, Span<float> scores)
    {
        var live = keys.AsSpan(0, held);
        live.Sort();
        var found = Math.Min(held, k);
        for (var i = 0; i < found; i++)
        {
            var key = live[held - 1 - i];
            ids[i] = ~(uint)key;
            scores[i] = ScoreOf(key);
        }
        return found;
    }

    private void Cut()
    {
        if (held <= k) return;
        var live = keys.AsSpan(0, held);
        live.Sort();
        live[(held - k)..].CopyTo(live);
        held = k;
        threshold = ScoreOf(keys[0]);
        full = true;
    }

    // Adding zero turns -0 into +0, which must tie. IEEE order becomes unsigned order by flipping the sign bit, or all bits of negatives.
    private static ulong Key(float score, int row)
    {
        var bits = BitConverter.SingleToUInt32Bits(score + 0f);
        var ordered = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        return ((ulong)ordered << 32) | ~(uint)row;
    }

    private static float ScoreOf(ulong key)
    {
        var ordered = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((ordered & 0x80000000) != 0 ? ordered & 0x7fffffff : ~ordered);
    }
}
