using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Training.Rankers;

namespace RecSys.Core.Training.Importance;

/// <summary>
/// What each group of features adds: the ranker is fitted again without the group, and with it alone, with the same settings and rows, and
/// judged by AUC on the test rows. Twelve fits or so, so it takes its time.
/// </summary>
internal static class FeatureGroupStudy
{
    /// <param name="train">Rows to boost on.</param>
    /// <param name="valid">Rows that stop the boosting.</param>
    /// <param name="test">Rows to judge by.</param>
    /// <param name="allAuc">AUC of the ranker with all features on <paramref name="test"/>.</param>
    /// <param name="catalogue">Names the columns.</param>
    /// <param name="options">Settings of the ranker.</param>
    /// <param name="progress">Told which fit is running.</param>
    /// <param name="cancellationToken">Stops between trees.</param>
    public static IReadOnlyList<GroupContribution> Run(
        RankerDataset train, RankerDataset valid, RankerDataset test, double allAuc, FeatureCatalogue catalogue, TrainingOptions options,
        IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var groups = catalogue.Features.Select((feature, column) => (Name: NameOf(feature), column))
            .GroupBy(entry => entry.Name, entry => entry.column).ToArray();
        var result = new List<GroupContribution> { new("all", catalogue.Count, null, allAuc) };
        foreach (var group in groups)
        {
            var inside = group.ToHashSet();
            var without = Auc([.. Enumerable.Range(0, catalogue.Count).Where(column => !inside.Contains(column))]);
            result.Add(new GroupContribution(group.Key, inside.Count, without, Auc([.. inside.Order()])));
            progress?.Report(new WorkProgress("fit feature groups", result.Count - 1, groups.Length, "groups"));
        }
        return result;

        double? Auc(int[] columns)
        {
            if (columns.Length == 0) return null;
            var part = new FeatureCatalogue(columns.Select(column => catalogue.Features[column]));
            var ranker = RankerFitting.Fit(Columns(train, columns), Columns(valid, columns), RankerFitting.SettingsFor(train, options),
                part, progress: null, cancellationToken);
            var rows = Columns(test, columns);
            var raw = new double[rows.Rows];
            ranker.Forest.Score(rows.Values, rows.Rows, raw);
            return PointwiseMetrics.Auc(Array.ConvertAll(raw, score => (float)score), Array.ConvertAll(rows.Labels, label => label > 0));
        }
    }

    private static string NameOf(FeatureDefinition feature) => feature.FromModel ? "models" : feature.Group.ToString().ToLowerInvariant();

    private static RankerDataset Columns(RankerDataset rows, int[] columns)
    {
        var values = new float[rows.Rows * columns.Length];
        for (var row = 0; row < rows.Rows; row++)
        {
            var source = rows.Values.AsSpan(row * rows.Features, rows.Features);
            var target = values.AsSpan(row * columns.Length, columns.Length);
            for (var i = 0; i < columns.Length; i++) target[i] = source[columns[i]];
        }
        return rows with { Features = columns.Length, Values = values };
    }
}
