using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Storage;

namespace RecSys.Core.Training;

/// <summary>
/// Compares features as they were served with the same features from a replay of the event log by the code that makes training rows: what differs, the ranker
/// learnt with one meaning and is asked with another.
/// </summary>
/// <remarks>
/// <para>Each record of an answered request carries the position of the log that its world was folded to. The replay folds the log in the order of positions
/// and stops behind that one, so the two states hold the same events, and every difference is one of data or code: items or profiles changed since, an embedding
/// that was not computed from the current state, another definition of a feature.</para>
/// <para>Item, time, device, location, retrieval score and retrieval rank are taken as logged; user state, item state, user embedding and everything else are computed
/// again, with the embeddings of the bundle that served.</para>
/// </remarks>
public sealed class SkewCheck(IServedRecordStore served, IInteractionLogReader reader, ModelRegistry registry, FeatureCatalogue catalogue)
{
    /// <param name="options">What is looked at.</param>
    /// <param name="progress">Told how far the replay is.</param>
    /// <param name="cancellationToken">Stops between requests.</param>
    /// <exception cref="RecSysException">There is nothing to compare.</exception>
    public async Task<SkewReport> RunAsync(SkewOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var requests = await ReadAsync(options, cancellationToken);
        if (requests.Count == 0)
            throw new RecSysException("No served features are logged for that time. Serve with ServedRecords:FeatureShare above 0, or look further back with --since.");
        var reading = await reader.ReadWithCountsAsync(from: null, to: null, cancellationToken);
        using var models = new SkewModels(registry, catalogue, reading.Log.Items);
        var skipped = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var stops = new List<(long Position, ServedRecord Request)>();
        foreach (var request in requests)
        {
            if (await ReasonToSkipAsync(request, reading, models, cancellationToken) is { } reason) skipped[reason] = skipped.GetValueOrDefault(reason) + 1;
            else stops.Add((request.Position, request));
        }
        if (stops.Count == 0)
            throw new RecSysException($"None of the {requests.Count} logged requests can be compared: {string.Join("; ", skipped.Keys)}.");

        var tally = new SkewTally(catalogue);
        var rows = new SkewRows(reading, models, catalogue);
        var done = 0;
        SkewReplay.Run(reading.Log, stops, (request, state) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Compare(request, state, tally);
            progress?.Report(new WorkProgress("replay served requests", ++done, stops.Count, "requests"));
        });
        return new SkewReport(stops.Count, tally.Rows, options.ToleratedShare, skipped, tally.ToFeatures());
    }

    private async Task<List<ServedRecord>> ReadAsync(SkewOptions options, CancellationToken cancellationToken)
    {
        var requests = new List<ServedRecord>();
        var rows = 0;
        await foreach (var request in served.ReadAsync(options.Since, cancellationToken))
        {
            if (request.CatalogueHash is null) continue;
            requests.Add(request);
            rows += request.Items.Count;
            if (rows >= options.MaxRows) break;
        }
        return requests;
    }

    private async Task<string?> ReasonToSkipAsync(ServedRecord request, InteractionLogReading reading, SkewModels models, CancellationToken cancellationToken)
    {
        if (request.CatalogueHash != catalogue.Hash) return "served by a version of the program with other features";
        if (request.Items.Any(item => item.Features?.Length != catalogue.Count)) return "stored with another number of values than there are features";
        if (request.Epoch != reading.Epoch || request.Position > reading.LastPosition) return "the position that it saw is not in the log";
        if (request.Items.Any(item => reading.Log.Items.IsRemoved(item.Item))) return "an item is no longer in the catalogue";
        var version = request.Assignment.ModelVersion;
        return await models.LoadAsync(version, cancellationToken) ? null : $"the model {version} cannot be loaded any more";
    }
}
