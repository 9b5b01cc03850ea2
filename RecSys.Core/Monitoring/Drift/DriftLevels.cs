namespace RecSys.Core.Monitoring.Drift;

/// <summary>From which stability index on a shift is worth a look, and from which on it is one.</summary>
public static class DriftLevels
{
    /// <summary>From this index on a shift is worth a look.</summary>
    public const double Watch = 0.1;

    /// <summary>From this index on it is drift.</summary>
    public const double Drift = 0.2;

    /// <summary>
    /// Fewest lists that are judged: with 500 of them and 2,000 behind the reference, 12 bins of one distribution exceed the level of
    /// <see cref="Watch"/>, above what is expected, less than once in a million times.
    /// </summary>
    public const int MinLists = 500;

    private static readonly string[] Names = ["no_reference", "too_few", "not_judged", "stable", "watch", "drift"];

    /// <summary>What an index says, of which enough lists are behind: never less than <see cref="DriftStatus.Stable"/>.</summary>
    public static DriftStatus Of(double psi) => psi >= Drift ? DriftStatus.Drift : psi >= Watch ? DriftStatus.Watch : DriftStatus.Stable;

    /// <summary>The status in replies, such as <c>no_reference</c>.</summary>
    public static string ToName(this DriftStatus status) => Names[(int)status];
}
