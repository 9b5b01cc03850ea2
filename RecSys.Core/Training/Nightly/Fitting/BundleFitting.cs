using static System.FormattableString;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Ranking;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Training.Importance;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Nightly.Fitting;

/// <summary>
/// Fits a ranker behind fitted towers on one split, and makes a bundle of both in the run's folder, as it would be published.
/// </summary>
/// <param name="night">The run.</param>
/// <param name="data">The log.</param>
/// <param name="split">The towers' part, the ranker's, and the one that stops and calibrates.</param>
internal sealed class BundleFitting(NightContext night, NightData data, SplitFile split)
{
    private readonly FeatureExtractor extractor = new(night.Catalogue);

    /// <summary>What an earlier fit chose, and is kept; null: validation chooses.</summary>
    public ChosenFile? Chosen { get; init; }

    /// <summary>
    /// Unix milliseconds from which on no weight was learnt; requests of that time are answered for the reference of drift.
    /// </summary>
    public required long UnseenFromMs { get; init; }

    /// <summary>Makes the rows where the log has impressions, with the scores of these towers where they could have been had.</summary>
    public required Func<ITowerView, FeatureExtractor, RankerRows> Impressions { get; init; }

    /// <summary>Further options of the manifest.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <param name="name">Of the bundle's folder within the run's.</param>
    /// <param name="fitted">Towers of the split's first part.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="Domain.RecSysException">There are too few rows, or only one class.</exception>
    public async Task<FittedBundle> RunAsync(string name, FittedTowers fitted, CancellationToken ct)
    {
        var options = night.Options;
        var (towers, transitions, neighbours) = fitted;
        using var view = new TowerView(towers, data.Log.Users, transitions, neighbours);
        var index = VectorIndexBuilder.Build(
            towers.ItemEmbeddings, towers.Dimension, options.Retrieval,
            view.UserSample(data.Learnt, TrainingPipeline.TuningQueries, options.Seed), night.Progress, ct);
        using var built = index.Index;
        view.SearchIn(built);

        var offered = split.Impressions ? [] : Choices(split.TowersUntilMs, split.ValidateUntilMs, int.MaxValue);
        var rows = split.Impressions
            ? Impressions(view, extractor)
            : CandidateRows.Build(data.Log, ReferenceRows.Thin(offered, options.MaxTargets), view, extractor, options.ReturnShare, options,
                night.Progress, ct, data.Past);
        var position = PositionOf(rows);
        var (train, held) = (rows.Between(long.MinValue, split.TrainUntilMs), rows.Between(split.TrainUntilMs, split.ValidateUntilMs));
        var ranker = Chosen is { } chosen
            ? RankerFitting.Fit(train, held, chosen.Settings with { NumTrees = chosen.Trees }, night.Catalogue, night.Progress, ct,
                keepAll: true) with { RetrievalWeight = chosen.RetrievalWeight }
            : RankerFitting.Fit(train, held, options, night.Catalogue, night.Progress, ct);
        var model = new TwoStageModel(towers, view, ranker, rows) { Position = position, Requests = Requests() };
        if (Chosen is null && (!split.Impressions || options.WeighRetrieval)) model = Weighed(model, ct);

        var importance =
            ImportanceStudy.OfBundle(model.Ranker, rows, held.Rows / (double)rows.Count, options.Seed, night.Progress, ct);
        var reference = ReferenceRows.Build(data.Log, model, extractor, options.Candidates, night.Progress, ct, data.Past);
        var assembled = new BundleAssembly(night.Catalogue, options).Of(data.Log, model, index, importance, reference);
        var files = await WriteAsync(name, Sealed(assembled), ct);
        return new FittedBundle(
            files, new ChosenFile(model.Ranker.Options, model.Ranker.Training.BestIteration, model.Ranker.RetrievalWeight, position))
        {
            TrainRows = train.Rows,
            HeldRows = held.Rows,
            HeldAuc = model.Ranker.Metrics["ranker.valid_auc"],
            ChoicesOffered = offered.Count,
            ReferenceRows = reference.Items.Count,
            HeldScores = Chosen is null ? new Dictionary<int, double>() : Scores(model.Ranker, held),
        };
    }

    // Choices of a time, at even distances, of those that are learnt from.
    private List<int> Choices(long fromMs, long toMs, int most) => ReferenceRows.Thin(
        [.. TwoStageTraining.Choices(data.Log, fromMs, int.MaxValue, toMs, data.Past).Where(index => !data.LeftOut[index])], most);

    private Evaluation.PositionFinding? PositionOf(RankerRows rows)
    {
        if (!split.Impressions) return null;
        if (Chosen?.Position is not { } found) return PositionBias.Settle(data.Log, rows, night.Catalogue, split.TrainUntilMs);
        PositionBias.Apply(found, rows, night.Catalogue);
        return found;
    }

    private TwoStageModel Weighed(TwoStageModel model, CancellationToken ct) => RetrievalWeight.Weigh(
        data.Log, Choices(split.TrainUntilMs, split.ValidateUntilMs, RetrievalWeight.MaxLists),
        split.Impressions ? 0 : night.Options.ReturnShare, model, extractor, night.Options.Candidates, night.Progress, ct, data.Past);

    // What neither stage was fitted on, to be answered again for the reference of drift.
    private List<int> Requests() => split.Impressions
        ? ReferenceRows.Thin(
            [.. ReferenceRows.Requests(data.Log, UnseenFromMs, int.MaxValue).Where(index => !data.LeftOut[index])],
            ReferenceRows.MaxRequests)
        : Choices(UnseenFromMs, long.MaxValue, ReferenceRows.MaxRequests);

    private Dictionary<int, double> Scores(RankerModel ranker, RankerDataset held)
    {
        var scores = new Dictionary<int, double>();
        if (held.Events is not { } events) return scores;
        var values = (float[])held.Values.Clone();
        PositionBias.AsServed(values, night.Catalogue);
        var raw = new double[held.Rows];
        ranker.Forest.Score(values, held.Rows, raw);
        for (var row = 0; row < events.Length; row++) scores[events[row]] = raw[row];
        return scores;
    }

    private BundleContents Sealed(BundleContents assembled) => assembled with
    {
        TrainingWindow = new TrainingWindow(
            DateTimeOffset.FromUnixTimeMilliseconds(split.FirstMs), DateTimeOffset.FromUnixTimeMilliseconds(split.LastLearntMs),
            split.Train + split.Validation),
        CreatedAt = night.Run.Now,
        LogPosition = data.Collected.LastPosition,
        Options = new Dictionary<string, string>([.. assembled.Options, .. Options])
        {
            [NightPublication.DayOption] = Invariant($"{night.Run.Day:yyyy-MM-dd}"), ["night.source"] = night.Run.Source,
        },
    };

    private async Task<IReadOnlyList<string>> WriteAsync(string name, BundleContents contents, CancellationToken ct)
    {
        var folder = night.Folder;
        BundlePublisher.CleanTorn(folder.Root);
        NightFolder.Remove(folder[name]);
        await BundleWriter.PublishAsync(folder.Root, name, contents, ct);
        return
        [
            .. Directory.EnumerateFiles(folder[name]).Select(path => $"{name}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal),
        ];
    }
}
