using System.Globalization;
using RecSys.Api.Contracts;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Api.Commands.Models;

/// <summary>The registry as aligned text.</summary>
internal static class ModelsTable
{
    // Those that a list has room for; models show has all.
    private static readonly (string Name, string Short)[] ListedMetrics =
        [("ranker.valid_auc", "auc"), ("ranker.valid_log_loss", "log loss"), ("towers.valid_recall@500", "recall@500")];

    /// <summary>One line per version: champion mark, name, state, since when, bundle, and metrics or what is wrong.</summary>
    public static IEnumerable<string> List(IReadOnlyList<ModelVersion> versions)
    {
        if (versions.Count == 0) return ["No version yet; train one with: train."];
        return Aligned([.. versions.Select(version => (string[])
        [
            version.Record?.State == ModelState.Champion ? "*" : " ",
            version.Version,
            version.StateName,
            Time(version.Record?.Since ?? version.Manifest?.CreatedAt),
            version.Record is { Collected: true } && version.Condition == BundleCondition.Absent
                ? "deleted" : version.Condition.ToString().ToLowerInvariant(),
            Remark(version),
        ])]);
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
    public static IEnumerable<string> Diff(ModelComparison comparison)
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
            ["  " + each.Name, Number(each.First), Number(each.Second), Signed(each.Second - each.First)]).ToList();
        var options = comparison.Options.Select(each => (string[])["  " + each.Name, each.First ?? "-", each.Second ?? "-"]).ToList();
        var importance = comparison.Importance.Select(each => (string[])
            ["  " + each.Name, Number(each.First), Number(each.Second), Signed(each.Second - each.First)]).ToList();
        return
        [
            .. Aligned(head),
            "metrics", .. Aligned(metrics),
            "options that differ", .. Aligned(options),
            $"features added: {Names(comparison.FeaturesAdded)}",
            $"features removed: {Names(comparison.FeaturesRemoved)}",
            "share of the gain of all splits, largest changes first", .. Aligned(importance),
        ];
    }

    private static string Remark(ModelVersion version)
    {
        if (version.Condition == BundleCondition.Torn || (version.Condition == BundleCondition.Absent && version.Record is
            { Collected: false, State: not ModelState.Training }))
            return version.Fault ?? "";
        if (version.Record is null) return $"nothing serves it; take it up with: models promote {version.Version}";
        if (version.Manifest is not { } manifest) return version.Record.Reason;
        var metrics = ListedMetrics.Where(metric => manifest.Metrics.ContainsKey(metric.Name))
            .Select(metric => $"{metric.Short} {Number(manifest.Metrics[metric.Name])}");
        return string.Join("  ", metrics.Prepend($"{Whole(manifest.ItemCount)} items"));
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
