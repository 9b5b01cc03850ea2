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
        var extractor = new FeatureExtractor(night.Catalogue);
        var all = split.Impressions ? new ImpressionLists(data.Log, data.Collected.FirstEvent, data.LeftOut) : ImpressionLists.Of([]);
        var wanted = Wanted(data.Log, all, split, night.Options);
        var labels = split.Impressions ? data.Labels(night.Options.Label) : [];
        var builder = new ImpressionRowBuilder(
            data.Log, labels, towers: null, long.MaxValue, extractor, new RankerRows(night.Catalogue.Count, wanted.Impressions));
        if (split.Impressions) ImpressionRows.Walk(data.Log, wanted, builder.Add, freeze: null, night.Progress, ct);
        await RowsFiles.WriteAsync(
            night.Folder[NightFiles.RowsIndex], night.Folder[NightFiles.RowsValues], data.Log, builder.Rows, split, ct);
        var header = new RowsHeader(
            night.Catalogue.Hash, night.Catalogue.Names, builder.Rows.Count, CountsOf(data.Log, all, split), CountsOf(data.Log, wanted, split));
        await NightJson.WriteAsync(night.Folder[NightFiles.RowsHeader], header, ct);
        return new StepOutcome(
            split.Impressions
                ? Invariant($"{header.Rows:#,0} rows of {night.Catalogue.Count} features: ")
                    + string.Join(", ", header.Used.Select(part => Invariant($"{part.Key} {part.Value:#,0} of {header.Offered[part.Key]:#,0}")))
                : "no impressions: rows are made of choices, by the step ranker",
            [NightFiles.RowsHeader, NightFiles.RowsIndex, NightFiles.RowsValues])
        {
            Counts = header.Used.ToDictionary(part => $"{part.Key}_rows", part => part.Value)
                .Concat(header.Offered.Select(part => KeyValuePair.Create($"{part.Key}_offered", part.Value))).ToDictionary(),
        };
    }

    // The latest lists that are learnt from, and test lists at even distances, each up to its limit.
    private static ImpressionLists Wanted(InteractionLog log, ImpressionLists all, SplitFile split, TrainingOptions options)
    {
        var taken = new bool[all.Count];
        var rows = 0;
        var learnt = Enumerable.Range(0, all.Count).Where(list => TimeOf(log, all, list) < split.ValidateUntilMs);
        foreach (var list in learnt.OrderByDescending(list => TimeOf(log, all, list)).ThenByDescending(list => list))
        {
            rows += all[list].Length;
            if (rows > options.MaxImpressions) break;
            taken[list] = true;
        }
        var test = Enumerable.Range(0, all.Count).Where(list => TimeOf(log, all, list) >= split.ValidateUntilMs).ToArray();
        var share = Math.Min(1, options.Nightly.MaxTestImpressions / (double)Math.Max(1, test.Sum(list => all[list].Length)));
        // So many of the first i lists are taken that the share holds for each i.
        for (var i = 0; i < test.Length; i++) taken[test[i]] = (long)((i + 1) * share) > (long)(i * share);
        return all.Where(list => taken[list]);
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
