using RecSys.Core.Monitoring.Drift;

namespace RecSys.Core.Monitoring.Alerts.Sources;

/// <summary>
/// What may be an alert of drift: something that matched the champion's reference before and does so no more. A reference that was never
/// met, as in a log of a few days whose counters only begin to grow, tells no change; the page of drift shows it all the same.
/// </summary>
internal sealed class SettledShifts
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private string? version;

    /// <summary>The largest shift of what was stable at an earlier look or is now; null where nothing was.</summary>
    /// <param name="reference">Version of the reference; another one begins anew.</param>
    /// <param name="shifts">What is judged at this look.</param>
    public (string Name, double Psi)? Worst(string? reference, IReadOnlyList<(string Name, double Psi)> shifts)
    {
        if (reference != version && reference is not null)
        {
            names.Clear();
            version = reference;
        }
        (string Name, double Psi)? worst = null;
        foreach (var (name, psi) in shifts)
        {
            if (psi < DriftLevels.Watch) names.Add(name);
            if (names.Contains(name) && !(worst?.Psi >= psi)) worst = (name, psi);
        }
        return worst;
    }
}
