using static System.FormattableString;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Ranking;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Training.Importance;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Nightly.Fitting;

/// <summary>
/// Fits rankers behind fitted towers on one split, and makes a bundle of each in the run's folder, as it would be published.
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

    /// <summary>What all rankers of the split share.</summary>
    /// <param name="fitted">Towers of the split's first part.</param>
    /// <param name="ct">Stops.</param>
    public FittingGround Prepare(FittedTowers fitted, CancellationToken ct)
    {
        var options = night.Options;
        var (towers, transitions, neighbours) = fitted;
        var view = new TowerView(towers, data.Log.Users, transitions, neighbours);
        BuiltIndex? index = null;
        try
        {
            index = VectorIndexBuilder.Build(
                towers.ItemEmbeddings, towers.Dimension, options.Retrieval,
                view.UserSample(data.Learnt, TrainingPipeline.TuningQueries, options.Seed), night.Progress, ct);
            view.SearchIn(index.Index);
            var offered = split.Impressions ? [] : Choices(split.TowersUntilMs, split.ValidateUntilMs, int.MaxValue);
            var rows = split.Impressions
                ? Impressions(view, extractor)
                : CandidateRows.Build(data.Log, ReferenceRows.Thin(offered, options.MaxTargets), view, extractor, options.ReturnShare,
                    options, night.Progress, ct, data.Past);
            return new FittingGround(towers, view, index, rows)
            {
                Position = PositionOf(rows),
                Train = rows.Between(long.MinValue, split.TrainUntilMs),
                Held = rows.Between(split.TrainUntilMs, split.ValidateUntilMs),
                ChoicesOffered = offered.Count,
            };
        }
        catch
        {
            index?.Index.Dispose();
            view.Dispose();
            throw;
        }
    }

    /// <param name="challenger">Whose settings the ranker gets, and where its bundle lies.</param>
    /// <param name="name">Of the bundle's folder among the challenger's files.</param>
    /// <param name="ground">Of this split.</param>
    /// <param name="extras">Further options of the manifest.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="Domain.RecSysException">There are too few rows, or only one class.</exception>
    public async Task<FittedBundle> RunAsync(
        Challenger challenger, string name, FittingGround ground, IReadOnlyDictionary<string, string> extras, CancellationToken ct)
    {
        var options = challenger.Over(night.Options);
        var (train, held) = (ground.Train, ground.Held);
        var ranker = Chosen is { } chosen
            ? RankerFitting.Fit(train, held, chosen.Settings with { NumTrees = chosen.Trees }, night.Catalogue, night.Progress, ct,
                keepAll: true) with { RetrievalWeight = chosen.RetrievalWeight }
            : RankerFitting.Fit(train, held, options, night.Catalogue, night.Progress, ct);
        var model = new TwoStageModel(ground.Towers, ground.View, ranker, ground.Rows)
        {
            Position = ground.Position, Requests = Requests(),
        };
        if (Chosen is null && (!split.Impressions || options.WeighRetrieval)) model = Weighed(model, ct);

        var importance =
            ImportanceStudy.OfBundle(
                model.Ranker, ground.Rows, held.Rows / (double)ground.Rows.Count, options.Seed, night.Progress, ct);
        var reference = ReferenceRows.Build(data.Log, model, extractor, options.Candidates, night.Progress, ct, data.Past);
        var assembled = new BundleAssembly(night.Catalogue, options).Of(data.Log, model, ground.Index, importance, reference);
        var files = await WriteAsync(challenger[name], Sealed(assembled, challenger, extras), ct);
        return new FittedBundle(
            files,
            new ChosenFile(model.Ranker.Options, model.Ranker.Training.BestIteration, model.Ranker.RetrievalWeight, ground.Position))
        {
            TrainRows = train.Rows,
            HeldRows = held.Rows,
            HeldAuc = model.Ranker.Metrics["ranker.valid_auc"],
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

    private BundleContents Sealed(
        BundleContents assembled, Challenger challenger, IReadOnlyDictionary<string, string> extras) => assembled with
    {
        TrainingWindow = new TrainingWindow(
            DateTimeOffset.FromUnixTimeMilliseconds(split.FirstMs), DateTimeOffset.FromUnixTimeMilliseconds(split.LastLearntMs),
            split.Train + split.Validation),
        CreatedAt = night.Run.Now,
        LogPosition = data.Collected.LastPosition,
        Options = new Dictionary<string, string>([.. assembled.Options, .. extras, .. VariantOption(challenger)])
        {
            [NightPublication.DayOption] = Invariant($"{night.Run.Day:yyyy-MM-dd}"), ["night.source"] = night.Run.Source,
        },
    };

    private static IEnumerable<KeyValuePair<string, string>> VariantOption(Challenger challenger) =>
        challenger.Variant is { } variant ? [KeyValuePair.Create(NightPublication.VariantOption, variant)] : [];

    private async Task<IReadOnlyList<string>> WriteAsync(string path, BundleContents contents, CancellationToken ct)
    {
        var folder = night.Folder[path];
        var (place, name) = (Path.GetDirectoryName(folder)!, Path.GetFileName(folder));
        BundlePublisher.CleanTorn(place);
        NightFolder.Remove(folder);
        await BundleWriter.PublishAsync(place, name, contents, ct);
        return [.. Directory.EnumerateFiles(folder).Select(file => $"{path}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal)];
    }
}
