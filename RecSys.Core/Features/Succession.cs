using System.Numerics;

namespace RecSys.Core.Features;

/// <summary>
/// How strongly a candidate follows the user's last items, or goes with them; collected once per request, looked up per candidate. The last
/// items have up to two thousand followers, few of which are candidates: these stand in a small table, and a follower that is not in it
/// costs one probe.
/// </summary>
/// <param name="fading">By what a weight is multiplied for each place that its item stands further back.</param>
internal sealed class Succession(float fading)
{
    private const int Latest = 20;
    private const int Few = 3;

    private const int Free = -1;

    // Open addressing with linear probing, at most a quarter full.
    private int[] keys = [];
    private Strength[] strengths = [];
    private int shift;
    private int[] followers = [];
    private float[] weights = [];
    private bool known;

    /// <summary>Weight behind the last item.</summary>
    public float Last { get; private set; }

    /// <summary>Sum of the weights behind the last 3.</summary>
    public float SumOfLast3 { get; private set; }

    /// <summary>Sum over the last 20 of the weight, faded for each place back.</summary>
    public float Faded { get; private set; }

    /// <summary>Highest weight behind one of the last 20.</summary>
    public float Highest { get; private set; }

    /// <param name="pairs">What belongs to what.</param>
    /// <param name="recent">The user's items, the latest at the end.</param>
    /// <param name="candidates">Every item that <see cref="BeginCandidate"/> will be asked for.</param>
    public void Begin<TPairs>(TPairs pairs, ReadOnlySpan<int> recent, ReadOnlySpan<CandidateInput> candidates)
        where TPairs : struct, IItemPairs
    {
        known = pairs.AreKnown;
        if (!known) return;
        Enter(candidates);
        if (followers.Length < pairs.MaxPerItem) (followers, weights) = (new int[pairs.MaxPerItem], new float[pairs.MaxPerItem]);
        var fade = 1f;
        for (var back = 0; back < Math.Min(Latest, recent.Length); back++, fade *= fading)
        {
            var count = pairs.Read(recent[recent.Length - 1 - back], followers, weights);
            for (var i = 0; i < count; i++)
            {
                var at = Find(followers[i]);
                if (keys[at] == Free) continue;
                ref var strength = ref strengths[at];
                var weight = weights[i];
                if (back == 0) strength.Last = weight;
                if (back < Few) strength.Few += weight;
                strength.Faded += fade * weight;
                strength.Highest = Math.Max(strength.Highest, weight);
            }
        }
    }

    public void BeginCandidate(int item)
    {
        if (known)
        {
            ref readonly var strength = ref strengths[Find(item)];
            (Last, SumOfLast3, Faded, Highest) = (strength.Last, strength.Few, strength.Faded, strength.Highest);
        }
        else Last = SumOfLast3 = Faded = Highest = float.NaN;
    }

    private void Enter(ReadOnlySpan<CandidateInput> candidates)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 4 * candidates.Length));
        if (keys.Length < size) (keys, strengths) = (new int[size], new Strength[size]);
        shift = 32 - BitOperations.Log2((uint)size);
        keys.AsSpan(0, size).Fill(Free);
        // Free slots stay zero, which is what an item that follows nothing gets.
        strengths.AsSpan(0, size).Clear();
        foreach (ref readonly var candidate in candidates) keys[Find(candidate.Item)] = candidate.Item;
    }

    // The item's slot, or the free one where it would stand. Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, 6.4).
    private int Find(int item)
    {
        var mask = (1 << (32 - shift)) - 1;
        var at = (int)((uint)item * 2654435769u >> shift);
        while (keys[at] != item && keys[at] != Free) at = (at + 1) & mask;
        return at;
    }

    private struct Strength
    {
        public float Last;
        public float Few;
        public float Faded;
        public float Highest;
    }
}
