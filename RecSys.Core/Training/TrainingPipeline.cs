using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Importance;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training;

/// <summary>One training run: read the log, fit both stages, publish a bundle and make it the champion.</summary>
public sealed class TrainingPipeline(IInteractionLogReader reader, ModelRegistry registry, FeatureCatalogue catalogue, TimeProvider time)
{
    // An approximate index is tuned on embeddings of so many users.
    private const int TuningQueries = 200;

    // Who changes the states of versions here.
    private const string Actor = "train";

    // The item tower of a bundle is checked with so many of its items.
    private const int GoldenItems = 8;

    /// <summary>Instead of trained towers; null: they are trained.</summary>
    internal GivenTowers? Given { get; init; }

    /// <param name="options">Settings of the run.</param>
    /// <param name="from">Start of the window, or null for the whole log.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between batches; nothing is published then.</param>
    /// <exception cref="RecSysException">The log holds too little to train on.</exception>
    public async Task<TrainingResult> RunAsync(
        TrainingOptions options, DateTimeOffset? from, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        // Found out before minutes of work.
        registry.Trust.RequireSigning();
        var start = time.GetTimestamp();
        progress?.Report(new WorkProgress("read the event log", 0, null, "events"));
        var reading = await reader.ReadWithCountsAsync(from, null, cancellationToken);
        var log = reading.Log;
        progress?.Report(new WorkProgress("read the event log", log.Events.Length, log.Events.Length, "events"));
        using var model = TwoStageTraining.Fit(log, options, catalogue, progress, cancellationToken, Given);
        var index = VectorIndexBuilder.Build(
            model.Towers.ItemEmbeddings, model.Towers.Dimension, options.Retrieval, model.View.UserSample(log, TuningQueries, options.Seed),
            progress, cancellationToken);
        using var built = index.Index;
        model.View.SearchIn(built);
        var importance =
            ImportanceStudy.OfBundle(model.Ranker, model.Rows, options.ValidationShare, options.Seed, progress, cancellationToken);
        var reference = ReferenceRows.Build(log, model, new FeatureExtractor(catalogue), options.Candidates, progress, cancellationToken);
        BundlePublisher.CleanTorn(registry.ModelsRoot);
        var contents = Contents(log, model, index, importance, reference.Span, options) with
        {
            LogPosition = reading.LastPosition,
        };
        var version = await registry.NextVersionAsync(cancellationToken);
        var manifest = await BundleWriter.PublishAsync(registry.ModelsRoot, version, contents, registry.Trust, cancellationToken);
        (await registry.RegisterAsync(version, ModelState.Staging, null, Actor, "trained", cancellationToken)).OrThrow();
        (await registry.PromoteAsync(version, null, null, Actor, "trained by hand", cancellationToken)).OrThrow();
        return new TrainingResult(manifest, time.GetElapsedTime(start), model.Rows.Count, log.Events.Length);
    }

    private static TrainingWindow WindowOf(InteractionLog log)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (ref readonly var e in log.Events) (first, last) = (Math.Min(first, e.TimeMs), Math.Max(last, e.TimeMs));
        return new TrainingWindow(DateTimeOffset.FromUnixTimeMilliseconds(first), DateTimeOffset.FromUnixTimeMilliseconds(last),
            log.Events.Length);
    }

    private BundleContents Contents(
        InteractionLog log, TwoStageModel model, BuiltIndex index, RankerImportance importance, ReadOnlySpan<float> reference,
        TrainingOptions options) => new()
    {
        Index = index,
        ItemIds = [.. Enumerable.Range(0, log.Items.Count).Select(log.Items.IdOf)],
        Embeddings = model.Towers.ItemEmbeddings,
        UserTower = model.Towers.UserTower,
        ItemTower = model.Towers.ItemTower,
        Ids = model.Towers.Ids,
        GoldenItems = [.. Enumerable.Range(0, GoldenItems).Select(at => (int)((long)at * log.Items.Count / GoldenItems)).Distinct()
            .Select(row => (row, log.Items[row]))],
        Transitions = model.View.Transitions,
        Neighbours = model.View.Neighbours,
        RankerText = model.Ranker.Training.ModelText,
        Importance = importance,
        Calibrator = model.Ranker.Calibrator,
        RetrievalWeight = model.Ranker.RetrievalWeight,
        Catalogue = catalogue,
        FeatureReferenceJson = FeatureReference.ToJson(reference, catalogue),
        TrainingWindow = WindowOf(log),
        CreatedAt = time.GetUtcNow(),
        GitCommit = CodeVersion.Commit,
        Metrics = Metrics(model),
        Options = Options(model, options),
    };

    private Dictionary<string, string> Options(TwoStageModel model, TrainingOptions options)
    {
        var used = new Dictionary<string, string>
        {
            ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
            ["tower_share"] = options.TowerShare.ToString(CultureInfo.InvariantCulture),
            ["ranker.objective"] = model.Ranker.Options.Objective,
            ["ranker.num_leaves"] = model.Ranker.Options.NumLeaves.ToString(CultureInfo.InvariantCulture),
            ["ranker.learning_rate"] = model.Ranker.Options.LearningRate.ToString(CultureInfo.InvariantCulture),
            ["ranker.min_data_in_leaf"] = model.Ranker.Options.MinDataInLeaf.ToString(CultureInfo.InvariantCulture),
            ["ranker.feature_fraction"] = model.Ranker.Options.FeatureFraction.ToString(CultureInfo.InvariantCulture),
            ["ranker.bagging_fraction"] = model.Ranker.Options.BaggingFraction.ToString(CultureInfo.InvariantCulture),
            ["ranker.lambda_l1"] = model.Ranker.Options.LambdaL1.ToString(CultureInfo.InvariantCulture),
            ["ranker.lambda_l2"] = model.Ranker.Options.LambdaL2.ToString(CultureInfo.InvariantCulture),
            ["ranker.best_iteration"] = model.Ranker.Training.BestIteration.ToString(CultureInfo.InvariantCulture),
        };
        if (model.Towers.Settings.Length > 0)
        {
            used[BundleManifest.TowersOption] = model.Towers.Settings;
            used[BundleManifest.TemperatureOption] = model.Towers.Temperature.ToString(CultureInfo.InvariantCulture);
        }
        if (model.Position is { } position) used[BundleManifest.PositionOption] = position.ToText();
        if (Given is not null) used["towers"] = Given.Name;
        else if (options.Text.IsConfigured) used[BundleManifest.TextModelOption] = TextModelHash.Of(options.Text);
        return used;
    }

    private IReadOnlyDictionary<string, double> Metrics(TwoStageModel model)
    {
        // Nothing validated towers that were not trained.
        if (Given is not null) return model.Ranker.Metrics;
        var epoch = model.Towers.BestEpoch;
        return new Dictionary<string, double>(model.Ranker.Metrics)
        {
            ["towers.valid_auc"] = epoch.ValidAuc,
            ["towers.valid_recall@500"] = epoch.ValidRecall500,
            ["towers.valid_ndcg@10"] = epoch.ValidNdcg10,
        };
    }
}
