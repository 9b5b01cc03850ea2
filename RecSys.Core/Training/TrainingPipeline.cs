using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
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
    internal const int TuningQueries = 200;

    // Who changes the states of versions here.
    private const string Actor = "train";

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
        var contents = new BundleAssembly(catalogue, options, Given).Of(log, model, index, importance, reference) with
        {
            TrainingWindow = WindowOf(log),
            CreatedAt = time.GetUtcNow(),
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
}
