using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>How strongly a candidate follows the user's last items; collected once per request, looked up per candidate.</summary>
internal sealed class Succession
{
    private const int Latest = 20;
    private const int Few = 3;
    private const float Fade = 0.9f;

    private readonly Dictionary<int, Strength> strengths = [];
    private int[] followers = [];
    private float[] weights = [];
    private bool known;

    /// <summary>Weight behind the last item.</summary>
    public float Last { get; private set; }

    /// <summary>Sum of the weights behind the last 3.</summary>
    public float SumOfLast3 { get; private set; }

    /// <summary>Sum over the last 20 of 0.9^(places back) times the weight.</summary>
    public float Faded { get; private set; }

    /// <summary>Highest weight behind one of the last 20.</summary>
    public float Highest { get; private set; }

    public void Begin(IItemTransitions? transitions, ReadOnlySpan<int> recent)
    {
        strengths.Clear();
        known = transitions is { HasTransitions: true };
        if (!known) return;
        if (followers.Length < transitions!.MaxFollowers) (followers, weights) = (new int[transitions.MaxFollowers], new float[transitions.MaxFollowers]);
        var fade = 1f;
        for (var back = 0; back < Math.Min(Latest, recent.Length); back++, fade *= Fade)
        {
            var count = transitions.Read(recent[recent.Length - 1 - back], followers, weights);
            for (var i = 0; i < count; i++)
            {
                ref var strength = ref CollectionsMarshal.GetValueRefOrAddDefault(strengths, followers[i], out _);
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
            strengths.TryGetValue(item, out var strength);
            (Last, SumOfLast3, Faded, Highest) = (strength.Last, strength.Few, strength.Faded, strength.Highest);
        }
        else Last = SumOfLast3 = Faded = Highest = float.NaN;
    }

    private struct Strength
    {
        public float Last;
        public float Few;
        public float Faded;
        public float Highest;
    }
}
