namespace RecSys.Core.Simulation.World;

/// <summary>Random numbers beyond the uniform.</summary>
internal static class Noise
{
    /// <summary>Standard normal, by the Box-Muller transform.</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());

    /// <summary>A direction drawn evenly from the unit sphere.</summary>
    public static void Direction(Span<float> target, Random random)
    {
        foreach (ref var value in target) value = (float)Normal(random);
        Normalise(target);
    }

    /// <summary>
    /// A unit vector around a centre; <paramref name="spread"/> is the standard deviation of each coordinate, times the root of the
    /// dimension.
    /// </summary>
    public static void Near(ReadOnlySpan<float> centre, double spread, Span<float> target, Random random)
    {
        var scale = spread / Math.Sqrt(centre.Length) * 2;
        for (var i = 0; i < target.Length; i++) target[i] = centre[i] + (float)(scale * Normal(random));
        Normalise(target);
    }

    public static void Normalise(Span<float> target)
    {
        var square = 0f;
        foreach (var value in target) square += value * value;
        if (square == 0) return;
        var scale = 1 / MathF.Sqrt(square);
        foreach (ref var value in target) value *= scale;
    }
}
