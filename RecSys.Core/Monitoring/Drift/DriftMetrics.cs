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
        Gauge(meter, "recsys_drift_worst_psi", "Largest stability index against the champion's reference", () => figures?.WorstPsi)
            .Noted("below 0.1; GET /monitoring/drift names what is responsible");
        Gauge(meter, "recsys_drift_category_psi", "Stability index of the category mix against the champion's reference",
                () => figures?.CategoryPsi)
            .Noted("below 0.1; a jump is a catalogue feed, or an app that sends others");
        Gauge(meter, "recsys_event_quality", "Events of the last hour that were accepted at once, by all that came live",
                () => figures?.Read(DriftFigures.Hour).Quality.Share)
            .Noted("near 1; GET /events/recent shows what is wrong with the others");
    }

    internal void Observe(DriftFigures drift) => figures = drift;

    private static ObservableGauge<double> Gauge(Meter meter, string name, string description, Func<double?> value) =>
        meter.CreateObservableGauge(name,
            () => value() is { } known ? [new Measurement<double>(known)] : Array.Empty<Measurement<double>>(), description: description);
}
