using System.Globalization;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;

namespace RecSys.Core.Monitoring.Alerts.Sources;

/// <summary>Reads what served lists bring and how far they drift.</summary>
internal sealed class FigureSources(BusinessFigures business, DriftFigures drift)
{
    /// <summary>How much of the usual click rate surely is missing; null where there is too little to tell.</summary>
    public AlertReading? ClickRateDrop() => business.CompareClickRate() is not { } rate ? null
        : new AlertReading(Math.Max(0, -rate.Proven), string.Create(CultureInfo.InvariantCulture,
            $"{rate.Now:0.0000} in {rate.Minutes} minutes, usually {rate.Usual:0.0000}"));

    /// <summary>The largest stability index, and of what it is; null where there are too few lists.</summary>
    public AlertReading? Drift() => drift.Worst() is var (name, psi) ? new AlertReading(psi, name) : null;
}
