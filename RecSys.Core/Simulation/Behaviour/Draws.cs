namespace RecSys.Core.Simulation.Behaviour;

/// <summary>
/// Chance without a state: each draw is a hash of the seed and of what is drawn for. Two worlds of one seed therefore share the luck of
/// every user, list and item, whatever else differs between them (common random numbers).
/// </summary>
internal readonly struct Draws(int seed)
{
    /// <summary>Uniform in [0, 1).</summary>
    /// <param name="user">Number of the user.</param>
    /// <param name="turn">Which of the user's lists or days.</param>
    /// <param name="key">Number of the item, or of the session.</param>
    /// <param name="purpose">What for.</param>
    public double Uniform(int user, int turn, int key, Purpose purpose)
    {
        var hash = Mix((ulong)(uint)seed + 0x9E3779B97F4A7C15);
        hash = Mix(hash ^ ((ulong)(uint)user << 32 | (uint)turn));
        hash = Mix(hash ^ ((ulong)(uint)key << 8 | (byte)purpose));
        return (hash >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Standard normal, by the Box-Muller transform.</summary>
    public double Normal(int user, int turn, int key, Purpose purpose) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(user, turn, key, purpose)))
            * Math.Cos(Math.Tau * Uniform(user, turn, ~key, purpose));

    /// <summary>
    /// Poisson by inversion: a higher mean with the same draw never gives less. At most 200, and counts with a chance below 1e-16 are not
    /// reached.
    /// </summary>
    public int Poisson(double mean, int user, int turn, int key, Purpose purpose)
    {
        var uniform = Uniform(user, turn, key, purpose);
        var term = Math.Exp(-mean);
        var sum = term;
        var count = 0;
        while (uniform >= sum && count < 200)
        {
            count++;
            term *= mean / count;
            sum += term;
        }
        return count;
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
