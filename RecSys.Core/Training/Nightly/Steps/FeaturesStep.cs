using static System.FormattableString;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Replays the log by position and writes down what was known at the moment of each list of the window, with what came of it. Features that
/// come from towers are unknown here: those of later lists are filled in once there are towers. Where the log has no impressions there is
/// nothing to write yet, since the rows are then what the towers propose.
/// </summary>
internal sealed class FeaturesStep : INightStep
{
    public const string StepName = "features";

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [CollectStep.StepName, ValidateStep.StepName, SplitStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var data = await night.DataAsync(ct);
        var split = await NightJson.ReadAsync<SplitFile>(night.Folder[NightFiles.Split], ct);
        var all = split.Impressions ? new ImpressionLists(data.Log, leftOut: data.LeftOut) : ImpressionLists.Of([]);
        var offered = CountsOf(data.Log, all, split);
        var limits = RowLimits.Of(offered, night.Options);
        var wanted = Wanted(data.Log, all, split, limits);
        var rows = Write(night, data, split, wanted, ct);
        var header = new RowsHeader(
            night.Catalogue.Hash, night.Catalogue.Names, rows, offered, CountsOf(data.Log, wanted, split),
            limits.Reasons(offered));
        await NightJson.WriteAsync(night.Folder[NightFiles.RowsHeader], header, ct);
        return new StepOutcome(
            split.Impressions
                ? Invariant($"{header.Rows:#,0} rows of {night.Catalogue.Count} features: ")
                    + string.Join(", ", header.Used.Select(part =>
                        Invariant($"{part.Key} {part.Value:#,0} of {header.Offered[part.Key]:#,0}")
                            + (header.Limits.TryGetValue(part.Key, out var limit) ? $" ({limit})" : "")))
                : "no impressions: rows are made of choices, by the step ranker",
            [NightFiles.RowsHeader, NightFiles.RowsIndex, NightFiles.RowsValues])
        {
            Counts = header.Used.ToDictionary(part => $"{part.Key}_rows", part => part.Value)
                .Concat(header.Offered.Select(part => KeyValuePair.Create($"{part.Key}_offered", part.Value))).ToDictionary(),
        };
    }

    private static int Write(NightContext night, NightData data, SplitFile split, ImpressionLists wanted, CancellationToken ct)
    {
        using var writer = new RowsWriter(night.Folder[NightFiles.RowsIndex], night.Folder[NightFiles.RowsValues], data.Log, split);
        if (split.Impressions)
        {
            var width = night.Catalogue.Count;
            var labels = data.Labels(night.Options.Label);
            var builder = new ImpressionRowBuilder(
                data.Log, labels, towers: null, long.MaxValue, new FeatureExtractor(night.Catalogue), new RankerRows(width, 0));
            var matrix = Array.Empty<float>();
            ImpressionRows.Walk(data.Log, wanted, (list, state) =>
            {
                if (matrix.Length < list.Length * width) matrix = new float[list.Length * width];
                var part = matrix.AsSpan(0, list.Length * width);
                builder.Fill(list, state, part);
                writer.Append(list, labels, part);
            }, freeze: null, night.Progress, ct, data.Past);
        }
        writer.Finish();
        return writer.Rows;
    }

    // Of the training part the latest lists, of the other two lists at even distances, each part up to its limit.
    private static ImpressionLists Wanted(InteractionLog log, ImpressionLists all, SplitFile split, RowLimits limits)
    {
        var taken = new bool[all.Count];
        var parts = Enumerable.Range(0, all.Count).ToLookup(list => split.PartOf(TimeOf(log, all, list)));
        var rows = 0L;
        foreach (var list in parts[SplitFile.TrainPart].OrderByDescending(list => TimeOf(log, all, list)).ThenByDescending(list => list))
        {
            rows += all[list].Length;
            if (rows > limits.Train) break;
            taken[list] = true;
        }
        Thin(SplitFile.ValidationPart, limits.Validation);
        Thin(SplitFile.TestPart, limits.Test);
        return all.Where(list => taken[list]);

        void Thin(string part, long most)
        {
            var lists = parts[part].ToArray();
            var share = Math.Min(1, most / (double)Math.Max(1, lists.Sum(list => (long)all[list].Length)));
            // So many of the first i lists are taken that the share holds for each i.
            for (var i = 0; i < lists.Length; i++) taken[lists[i]] = (long)((i + 1) * share) > (long)(i * share);
        }
    }

    private static Dictionary<string, long> CountsOf(InteractionLog log, ImpressionLists lists, SplitFile split)
    {
        var counts = new Dictionary<string, long>
        {
            [SplitFile.TrainPart] = 0, [SplitFile.ValidationPart] = 0, [SplitFile.TestPart] = 0,
        };
        for (var list = 0; list < lists.Count; list++) counts[split.PartOf(TimeOf(log, lists, list))] += lists[list].Length;
        return counts;
    }

    private static long TimeOf(InteractionLog log, ImpressionLists lists, int list) => log.Events[lists[list][0]].TimeMs;
}
