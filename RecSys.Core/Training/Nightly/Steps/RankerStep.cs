using static System.FormattableString;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Training.Importance;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Fits the ranker on the training part, where rows behind the towers' part have the scores of towers that did not know them, stops and
/// calibrates it on the validation part, and makes the challenger: a bundle as it would be published.
/// </summary>
internal sealed class RankerStep : INightStep
{
    public const string StepName = "ranker";

    public string Name => StepName;

    public IReadOnlyList<string> Needs =>
        [CollectStep.StepName, ValidateStep.StepName, SplitStep.StepName, FeaturesStep.StepName, TowersStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var (folder, options) = (night.Folder, night.Options);
        var data = await night.DataAsync(ct);
        var split = await NightJson.ReadAsync<SplitFile>(folder[NightFiles.Split], ct);
        var header = await NightJson.ReadAsync<TowersFile>(folder[NightFiles.TowersHeader], ct);
        var (towers, transitions, neighbours) = TowerFiles.Read(folder[NightFiles.Towers], header, data.Log.Items.Count);
        using var view = new TowerView(towers, data.Log.Users, transitions, neighbours);
        var index = VectorIndexBuilder.Build(
            towers.ItemEmbeddings, towers.Dimension, options.Retrieval,
            view.UserSample(data.Learnt, TrainingPipeline.TuningQueries, options.Seed), night.Progress, ct);
        using var built = index.Index;
        view.SearchIn(built);

        var extractor = new FeatureExtractor(night.Catalogue);
        var offered = split.Impressions ? [] : Choices(data, split.TowersUntilMs, split.ValidateUntilMs, int.MaxValue);
        var rows = split.Impressions
            ? ImpressionRowsOf(night, data, split, view, extractor, ct)
            : CandidateRows.Build(data.Log, ReferenceRows.Thin(offered, options.MaxTargets), view, extractor, options.ReturnShare, options,
                night.Progress, ct, data.Past);
        var position = split.Impressions ? PositionBias.Settle(data.Log, rows, night.Catalogue, split.TrainUntilMs) : null;
        var (train, valid) = (rows.Between(long.MinValue, split.TrainUntilMs), rows.Between(split.TrainUntilMs, split.ValidateUntilMs));
        var ranker = RankerFitting.Fit(train, valid, options, night.Catalogue, night.Progress, ct);
        var model = new TwoStageModel(towers, view, ranker, rows) { Position = position, Requests = Requests(data, split) };
        if (!split.Impressions || options.WeighRetrieval)
            model = RetrievalWeight.Weigh(
                data.Log, Choices(data, split.TrainUntilMs, split.ValidateUntilMs, RetrievalWeight.MaxLists),
                split.Impressions ? 0 : options.ReturnShare, model, extractor, options.Candidates, night.Progress, ct, data.Past);

        var importance =
            ImportanceStudy.OfBundle(model.Ranker, rows, valid.Rows / (double)rows.Count, options.Seed, night.Progress, ct);
        var reference = ReferenceRows.Build(data.Log, model, extractor, options.Candidates, night.Progress, ct, data.Past);
        var assembled = new BundleAssembly(night.Catalogue, options).Of(data.Log, model, index, importance, reference);
        var contents = assembled with
        {
            TrainingWindow = WindowOf(split),
            CreatedAt = night.Run.Now,
            LogPosition = data.Collected.LastPosition,
            Options = new Dictionary<string, string>(assembled.Options)
            {
                [NightPublication.DayOption] = Invariant($"{night.Run.Day:yyyy-MM-dd}"), ["night.source"] = night.Run.Source,
            },
        };
        var outputs = await WriteAsync(folder, contents, ct);
        var use = await UseAsync(night, split, offered.Count, ct);
        return new StepOutcome(
            Invariant($"{model.Ranker.Training.BestIteration} trees from {train.Rows:#,0} rows, stopped by {valid.Rows:#,0}; AUC ")
                + Invariant($"{model.Ranker.Metrics["ranker.valid_auc"]:0.0000} there; ") + use.Text, outputs)
        {
            Counts = new Dictionary<string, long>
            {
                ["train_rows"] = train.Rows, ["validation_rows"] = valid.Rows, [use.Name] = use.Offered,
                ["trees"] = model.Ranker.Training.BestIteration,
                ["reference_rows"] = reference.Items.Count,
            },
        };
    }

    /// <summary>Choices of a time, at even distances, of those that are learnt from.</summary>
    internal static List<int> Choices(NightData data, long fromMs, long toMs, int most) => ReferenceRows.Thin(
        [.. TwoStageTraining.Choices(data.Log, fromMs, int.MaxValue, toMs, data.Past).Where(index => !data.LeftOut[index])], most);

    // Rows of the towers' own time have no tower scores and are as they were written; later ones get them.
    private static RankerRows ImpressionRowsOf(
        NightContext night, NightData data, SplitFile split, TowerView view, FeatureExtractor extractor, CancellationToken ct)
    {
        var lists = RowsFiles.ReadLists(night.Folder[NightFiles.RowsIndex]).Where(list => list.Part != SplitFile.TestPart).ToArray();
        var rows = new RankerRows(night.Catalogue.Count, lists.Sum(list => list.Events.Count));
        RowsFiles.ReadValues(
            night.Folder[NightFiles.RowsValues], [.. lists.Where(list => list.TimeMs < split.TowersUntilMs)], rows);
        var later = lists.Where(list => list.TimeMs >= split.TowersUntilMs).ToArray();
        var builder = new ImpressionRowBuilder(
            data.Log, RowList.Labels(later, data.Log.Events.Length), view, split.TowersUntilMs, extractor, rows);
        ImpressionRows.Walk(
            data.Log, ImpressionLists.Of(later.Select(list => list.Events)), builder.Add, null, night.Progress, ct, data.Past);
        return rows;
    }

    // What there was to learn from and why not all of it was taken, in words and as a count.
    private static async Task<(string Name, long Offered, string Text)> UseAsync(
        NightContext night, SplitFile split, int choices, CancellationToken ct)
    {
        if (split.Impressions)
        {
            var header = await NightJson.ReadAsync<RowsHeader>(night.Folder[NightFiles.RowsHeader], ct);
            var all = header.Offered[SplitFile.TrainPart] + header.Offered[SplitFile.ValidationPart];
            var limit = header.Limits.GetValueOrDefault(SplitFile.TrainPart) is { } reason ? $" ({reason})" : "";
            return ("rows_offered", all, Invariant($"{all:#,0} rows were offered{limit}"));
        }
        var most = night.Options.MaxTargets;
        return ("choices_offered", choices, Invariant($"{choices:#,0} choices were offered")
            + (choices > most ? Invariant($" (evenly; Training:MaxTargets is {most:#,0})") : ""));
    }

    // What neither stage was fitted on or stopped by, to be answered again for the reference of drift.
    private static List<int> Requests(NightData data, SplitFile split) => split.Impressions
        ? ReferenceRows.Thin(
            [.. ReferenceRows.Requests(data.Log, split.ValidateUntilMs, int.MaxValue).Where(index => !data.LeftOut[index])],
            ReferenceRows.MaxRequests)
        : Choices(data, split.ValidateUntilMs, long.MaxValue, ReferenceRows.MaxRequests);

    private static TrainingWindow WindowOf(SplitFile split) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(split.FirstMs), DateTimeOffset.FromUnixTimeMilliseconds(split.LastLearntMs),
        split.Train + split.Validation);

    private static async Task<IReadOnlyList<string>> WriteAsync(NightFolder folder, BundleContents contents, CancellationToken ct)
    {
        BundlePublisher.CleanTorn(folder.Root);
        if (Directory.Exists(folder[NightFiles.Challenger])) Directory.Delete(folder[NightFiles.Challenger], recursive: true);
        await BundleWriter.PublishAsync(folder.Root, NightFiles.Challenger, contents, ct);
        return
        [
            .. Directory.EnumerateFiles(folder[NightFiles.Challenger]).Select(path => $"{NightFiles.Challenger}/{Path.GetFileName(path)}")
                .Order(StringComparer.Ordinal),
        ];
    }
}
