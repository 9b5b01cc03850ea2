using System.Collections.Concurrent;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Models.Reference;

namespace RecSys.Core.Monitoring.Drift;

/// <summary>How far what is served moved from what the champion was made for, to be read by people and alerts. Thread-safe.</summary>
public sealed class DriftFigures
{
    /// <summary>The windows that can be asked for.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromHours(24);

    private readonly DriftWindows windows;
    private readonly ModelPool<ServingModel> models;
    private readonly FeatureCatalogue catalogue;
    private readonly ConcurrentDictionary<string, Known> references = new(StringComparer.Ordinal);

    internal DriftFigures(DriftWindows windows, ModelPool<ServingModel> models, FeatureCatalogue catalogue) =>
        (this.windows, this.models, this.catalogue) = (windows, models, catalogue);

    /// <summary>
    /// The largest stability index of what is judged, of the last hour where that has enough lists, else of the last day; null where that
    /// has too few, too, or there is no reference.
    /// </summary>
    public double? WorstPsi => Worst()?.Psi;

    /// <summary>The stability index of the category mix, of the same window; null as <see cref="WorstPsi"/>.</summary>
    public double? CategoryPsi => Judged()?.Categories.Shift is { Status: >= DriftStatus.Stable } shift ? shift.Psi : null;

    /// <summary>
    /// What is largest and how large, in one look: a feature, <c>category_mix</c>, <c>prediction</c> or <c>user_embedding</c>; null as
    /// <see cref="WorstPsi"/>.
    /// </summary>
    public (string Name, double Psi)? Worst()
    {
        var (_, shifts) = JudgedShifts();
        return shifts.Count == 0 ? null : shifts.MaxBy(shift => shift.Psi);
    }

    /// <summary>Every stability index that is judged, with the version whose reference it is held against; none where nothing is.</summary>
    internal (string? Reference, IReadOnlyList<(string Name, double Psi)> Shifts) JudgedShifts()
    {
        if (Judged() is not { } window) return (null, []);
        return (window.Reference,
            [.. window.Shifts.Where(each => each.Shift is { Status: >= DriftStatus.Stable, Psi: not null })
                .Select(each => (each.Name, each.Shift.Psi!.Value))]);
    }

    /// <summary>Lists of the champion since a length of time ago, beside its reference.</summary>
    /// <param name="window">Up to <see cref="Day"/>.</param>
    public DriftWindow Read(TimeSpan window)
    {
        var version = models.Champion ?? "";
        var (counts, from, to) = windows.Read(window, version);
        return new DriftJudgement(catalogue, ReferenceOf(version), counts).Judge(from, to);
    }

    /// <summary>Counts events that came in live.</summary>
    public void Count(EventQuality events) => windows.Count(events);

    /// <summary>The reference of a version in memory; null where there is none.</summary>
    internal DriftReference? ReferenceOf(string version)
    {
        if (references.TryGetValue(version, out var known)) return known.Reference;
        if (!models.TryAcquire(version, out var lease)) return null;
        using (lease)
        {
            var reference = DriftReference.Parse(lease.Model.Bundle.FeatureReference);
            // Those in memory are read again when they are asked for.
            if (references.Count >= ModelPool<ServingModel>.MaxLive) references.Clear();
            references[version] = new Known(reference);
            return reference;
        }
    }

    private DriftWindow? Judged()
    {
        foreach (var length in (ReadOnlySpan<TimeSpan>)[Hour, Day])
        {
            if (Read(length) is { Status: >= DriftStatus.Stable } window) return window;
        }
        return null;
    }

    private sealed record Known(DriftReference? Reference);
}
