using System.Diagnostics.Metrics;

namespace RecSys.Core.Domain.Metrics;

/// <summary>Gauges of what is not always known.</summary>
public static class KnownGauges
{
    /// <summary>Makes a gauge that tells nothing while its value is null: a 0 would be a value.</summary>
    /// <param name="meter">Whose.</param>
    /// <param name="name">Of the instrument.</param>
    /// <param name="value">Asked at every collection, on any thread.</param>
    /// <param name="description">What it is.</param>
    /// <param name="unit"><c>s</c>, <c>By</c>, or null for none.</param>
    public static ObservableGauge<T> CreateKnownGauge<T>(
        this Meter meter, string name, Func<T?> value, string description, string? unit = null)
        where T : struct =>
        meter.CreateObservableGauge<T>(name, () => value() is { } known ? [new(known)] : [], unit, description);
}
