namespace RecSys.Core.Monitoring.Drift;

/// <summary>What became of the events that came in live.</summary>
/// <param name="Accepted">In the log.</param>
/// <param name="Parked">Wait for their item, which nobody knows yet.</param>
/// <param name="Duplicates">Came before.</param>
/// <param name="Refused">Unsound, too old, or of an erased user.</param>
public readonly record struct EventQuality(long Accepted, long Parked, long Duplicates, long Refused)
{
    /// <summary>All of them.</summary>
    public long All => Accepted + Parked + Duplicates + Refused;

    /// <summary>Accepted by all; null when none came.</summary>
    public double? Share => All > 0 ? (double)Accepted / All : null;

    public static EventQuality operator +(EventQuality a, EventQuality b) =>
        new(a.Accepted + b.Accepted, a.Parked + b.Parked, a.Duplicates + b.Duplicates, a.Refused + b.Refused);
}
