using System.Globalization;
using RecSys.Api.Contracts;
using RecSys.Core.Evaluation;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Commands.Models;

/// <summary>The registry as aligned text.</summary>
internal static class ModelsTable
{
    // Those that a list has room for; models show has all.
    private static readonly (string Name, string Short)[] ListedMetrics =
        [("ranker.valid_auc", "auc"), ("ranker.valid_log_loss", "log loss"), ("towers.valid_recall@500", "recall@500")];

    // Before figures that are not comparable.
    private const string Own = "own ";

    private static readonly string[] ListedFigures = [Figures.Auc, Figures.ListNdcg, Figures.NdcgAt10];

    /// <summary>
    /// One line per version: champion mark, name, state, since when, bundle, and figures or what is wrong. Figures are those beside the
    /// champion's on the same test rows where a night judged both, and otherwise of the version's own validation, which says so.
    /// </summary>
    /// <param name="versions">In their order.</param>
    /// <param name="nights">The latest first.</param>
    public static IEnumerable<string> List(IReadOnlyList<ModelVersion> versions, IReadOnlyList<JudgedNight> nights)
    {
        if (versions.Count == 0) return ["No version yet; train one with: train."];
        var champion = versions.FirstOrDefault(version => version.Record?.State == ModelState.Champion)?.Version;
        var lines = Aligned([.. versions.Select(version => (string[])
        [
            version.Record?.State == ModelState.Champion ? "*" : " ",
            version.Version,
            version.StateName,
            Time(version.Record?.Since ?? version.Manifest?.CreatedAt),
            version.Record is { Collected: true } && version.Condition == BundleCondition.Absent
                ? "deleted" : version.Condition.ToString().ToLowerInvariant(),
            Remark(version, champion, nights),
        ])]).ToList();
        if (lines.Exists(line => line.Contains(Own, StringComparison.Ordinal)))
            lines.Add($"({Own}figures are of a version's own validation rows, which are others for each version, and are not comparable; "
                + "models diff compares two on the same rows where a night judged both)");
        return lines;
    }

    /// <summary>Everything about one version.</summary>
    public static IEnumerable<string> Show(ModelDetails details)
    {
        var model = details.Model;
        var rows = new List<string[]>
        {
            new[] { "version", model.Version },
            new[] { "state", model.Since is null ? model.State : $"{model.State} since {Time(model.Since)}, revision {model.Revision}" },
            new[] { "by", model.Actor is null ? "-" : $"{model.Actor}: {model.Reason}" },
            new[] { "bundle", model.Fault is null ? model.Bundle : $"{model.Bundle}: {model.Fault}" },
            new[] { "signature", details.Signature ?? "-" },
            new[] { "trained", Time(model.CreatedAt) },
            new[] { "items", model.Items?.ToString(CultureInfo.InvariantCulture) ?? "-" },
        };
        if (model.Lineage is { } lineage)
        {
            rows.Add(["window", Window(lineage.WindowFrom, lineage.WindowTo, lineage.WindowEvents)]);
            rows.Add(["parent", lineage.Parent ?? "-"]);
            rows.Add(["predecessor", lineage.Predecessor ?? "-"]);
            rows.Add(["code", lineage.CodeCommit ?? "-"]);
            rows.Add(["manifest", lineage.ManifestSha256 ?? "-"]);
            rows.Add(["report", lineage.Report ?? "-"]);
        }
        var metrics = (model.Metrics ?? new Dictionary<string, double>()).OrderBy(metric => metric.Key, StringComparer.Ordinal)
            .Select(metric => (string[])["  " + metric.Key, Number(metric.Value)]).ToList();
        var options = (details.Options ?? new Dictionary<string, string>()).OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => (string[])["  " + option.Key, option.Value]).ToList();
        var history = details.History.Select(line => (string[])
        [
            $"  {line.Number.ToString(CultureInfo.InvariantCulture)}", Time(line.Time), $"{line.From ?? "new"} -> {line.To}", line.Actor,
            line.Reason,
        ]).ToList();
        return [.. Aligned(rows), "metrics", .. Aligned(metrics), "options", .. Aligned(options), "history", .. Aligned(history)];
    }

    /// <summary>Two versions side by side.</summary>
    /// <param name="comparison">What their bundles say.</param>
    /// <param name="judged">The latest night that judged both on the same rows; null where none did.</param>
    public static IEnumerable<string> Diff(ModelComparison comparison, JudgedNight? judged)
    {
        var (first, second) = (comparison.First, comparison.Second);
        List<string[]> head =
        [
            ["", first.Version, second.Version],
            ["trained", Time(first.CreatedAt), Time(second.CreatedAt)],
            ["window", Window(first.TrainingWindow), Window(second.TrainingWindow)],
            ["items", Whole(first.ItemCount), Whole(second.ItemCount)],
            ["code", first.GitCommit, second.GitCommit],
        ];
        var metrics = comparison.Metrics.Select(each => (string[])
            ["  " + each.Name, Number(each.First), Number(each.Second)]).ToList();
        var options = comparison.Options.Select(each => (string[])["  " + each.Name, each.First ?? "-", each.Second ?? "-"]).ToList();
        var importance = comparison.Importance.Select(each => (string[])
            ["  " + each.Name, Number(each.First), Number(each.Second), Signed(each.Second - each.First)]).ToList();
        return
        [
            .. Aligned(head),
            .. Judged(judged, first.Version, second.Version),
            "metrics of each version's own validation rows, which are others for each and not comparable", .. Aligned(metrics),
            "options that differ", .. Aligned(options),
            $"features added: {Names(comparison.FeaturesAdded)}",
            $"features removed: {Names(comparison.FeaturesRemoved)}",
            "share of the gain of all splits, largest changes first", .. Aligned(importance),
        ];
    }

    private static IEnumerable<string> Judged(JudgedNight? judged, string first, string second)
    {
        if (judged is null) return ["no night judged both on the same test rows"];
        var (one, other) = (judged.Versions[first], judged.Versions[second]);
        var rows = one.Where(figure => other.ContainsKey(figure.Key)).OrderBy(figure => figure.Key, StringComparer.Ordinal)
            .Select(figure => (string[])
            [
                "  " + figure.Key, Number(figure.Value), Number(other[figure.Key]), Signed(other[figure.Key] - figure.Value),
            ]).ToList();
        var head = string.Create(CultureInfo.InvariantCulture,
            $"figures on the same test rows (night of {judged.Day:yyyy-MM-dd}, {judged.Impressions:#,0} impressions, {judged.Choices:#,0} ")
            + "choices)";
        return judged.Remark is { } remark ? [head, $"  {remark}", .. Aligned(rows)] : [head, .. Aligned(rows)];
    }

    private static string Remark(ModelVersion version, string? champion, IReadOnlyList<JudgedNight> nights)
    {
        if (version.Condition == BundleCondition.Torn || (version.Condition == BundleCondition.Absent && version.Record is
            { Collected: false, State: not ModelState.Training }))
            return version.Fault ?? "";
        if (version.Record is null) return $"nothing serves it; take it up with: models promote {version.Version}";
        if (version.Manifest is not { } manifest) return version.Record.Reason;
        return $"{Whole(manifest.ItemCount)} items  " + (Beside(version.Version, champion, nights) ?? string.Join("  ",
            ListedMetrics.Where(metric => manifest.Metrics.ContainsKey(metric.Name))
                .Select(metric => $"{Own}{metric.Short} {Number(manifest.Metrics[metric.Name])}")));
    }

    private static string? Beside(string version, string? champion, IReadOnlyList<JudgedNight> nights)
    {
        if (champion is null || version == champion || JudgedNight.OfBoth(nights, version, champion) is not { } night) return null;
        var (own, serving) = (night.Versions[version], night.Versions[champion]);
        var figures = ListedFigures.Where(name => own.ContainsKey(name) && serving.ContainsKey(name))
            .Select(name => $"{name} {Number(own[name])} (champion {Number(serving[name])})");
        return string.Join("  ", figures)
            + string.Create(CultureInfo.InvariantCulture, $"  on the same rows, night of {night.Day:yyyy-MM-dd}");
    }

    private static IEnumerable<string> Aligned(List<string[]> rows)
    {
        if (rows.Count == 0) yield break;
        var widths = Enumerable.Range(0, rows.Max(row => row.Length)).Select(at => rows.Max(row => at < row.Length ? row[at].Length : 0))
            .ToArray();
        foreach (var row in rows) yield return string.Join("  ", row.Select((cell, at) => cell.PadRight(widths[at]))).TrimEnd();
    }

    private static string Window(TrainingWindow window) => Window(window.From, window.To, window.Events);

    private static string Window(DateTimeOffset? from, DateTimeOffset? to, long? events) =>
        from is null ? "-" : $"{Time(from)} to {Time(to)}, {Whole(events ?? 0)} events";

    private static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Signed(double value) =>
        double.IsNaN(value) ? "" : value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
