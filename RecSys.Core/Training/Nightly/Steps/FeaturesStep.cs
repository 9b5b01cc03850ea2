using static System.FormattableString;
using RecSys.Core.Features;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Fitting;
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
        var wanted = WantedLists.Of(data, split, night.Options);
        var rows = Write(night, data, split, wanted.Lists, ct);
        var header = new RowsHeader(
            night.Catalogue.Hash, night.Catalogue.Names, rows, wanted.Offered, wanted.Used, wanted.Limits.Reasons(wanted.Offered));
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
}
