using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Core.Monitoring.Drift;

/// <summary>Drift as instruments; of the last hour where that has enough lists, else of the last day.</summary>
public sealed class DriftMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Drift";

    private DriftFigures? figures;

    public DriftMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        meter.CreateKnownGauge("recsys_drift_worst_psi", () => figures?.WorstPsi,
                "Largest stability index against the champion's reference")
            .Noted("below 0.1; GET /monitoring/drift names what is responsible");
        meter.CreateKnownGauge("recsys_drift_category_psi", () => figures?.CategoryPsi,
                "Stability index of the category mix against the champion's reference")
            .Noted("below 0.1; a jump is a catalogue feed, or an app that sends others");
        meter.CreateKnownGauge("recsys_event_quality", () => figures?.Read(DriftFigures.Hour).Quality.Share,
                "Events of the last hour that were accepted at once, by all that came live")
            .Noted("near 1; GET /events/recent shows what is wrong with the others");
    }

    internal void Observe(DriftFigures drift) => figures = drift;
}
