using System.Globalization;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;

namespace RecSys.Core.Monitoring.Alerts.Sources;

/// <summary>Reads what served lists bring and how far they drift. Called from one thread at a time.</summary>
internal sealed class FigureSources(BusinessFigures business, DriftFigures drift)
{
    private readonly SettledShifts settled = new();

    /// <summary>How much of the usual click rate surely is missing; null where there is too little to tell.</summary>
    public AlertReading? ClickRateDrop() => business.CompareClickRate() is not { } rate ? null
        : new AlertReading(Math.Max(0, -rate.Proven), string.Create(CultureInfo.InvariantCulture,
            $"{rate.Now:0.0000} of {rate.Impressions:#,0} impressions in {rate.Minutes} minutes, usually {rate.Usual:0.0000}"));

    /// <summary>The largest stability index of what was stable before, and of what it is; null where nothing was yet.</summary>
    public AlertReading? Drift()
    {
        var (reference, shifts) = drift.JudgedShifts();
        return settled.Worst(reference, shifts) is var (name, psi) ? new AlertReading(psi, name) : null;
    }
}
