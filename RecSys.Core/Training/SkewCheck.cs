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
/// <para>A server folds the log in time order when it starts, and behind that each event in the order in which it is logged, whatever its time. Each logged request
/// carries a <see cref="FoldMark"/>: the position in the log at the start and the last event folded since. The replay folds in the same two steps and stops behind that
/// event, so the two states hold the same events in the same order, and every difference is one of data or code: events that another process wrote meanwhile,
/// items or profiles changed since, an embedding that was not computed from the current state, another definition of a feature.</para>
/// <para>Item, time, device, location, retrieval score and retrieval rank are taken as logged; user state, item state, user embedding and everything else are computed
/// again, with the embeddings of the bundle that served.</para>
/// </remarks>
public sealed class SkewCheck(IServedFeatureStore servedFeatures, IInteractionLogReader reader, ModelRegistry registry, FeatureCatalogue catalogue)
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
        var lastEvents = requests.Select(request => request.Fold.LastEventId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var log = await reader.ReadWithPositionsAsync(lastEvents, cancellationToken);
        using var models = new SkewModels(registry, catalogue, log.Reading.Log.Items);
        var skipped = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var stops = new List<(long Position, ServedFeatures Request)>();
        foreach (var request in requests)
        {
            if (await ReasonToSkipAsync(request, log, models, cancellationToken) is { } reason) skipped[reason] = skipped.GetValueOrDefault(reason) + 1;
            else stops.Add((request.Fold.LastEventId is { } last ? log.PositionsById[last] : request.Fold.LogPosition, request));
        }
        if (stops.Count == 0)
            throw new RecSysException($"None of the {requests.Count} logged requests can be compared: {string.Join("; ", skipped.Keys)}.");

        var tally = new SkewTally(catalogue);
        var rows = new SkewRows(log.Reading, models, catalogue);
        var done = 0;
        SkewReplay.Run(log.Reading.Log, stops, (request, state) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Compare(request, state, tally);
            progress?.Report(new WorkProgress("replay served requests", ++done, stops.Count, "requests"));
        });
        return new SkewReport(stops.Count, tally.Rows, options.ToleratedShare, skipped, tally.ToFeatures());
    }

    private async Task<List<ServedFeatures>> ReadAsync(SkewOptions options, CancellationToken cancellationToken)
    {
        var requests = new List<ServedFeatures>();
        var rows = 0;
        await foreach (var request in servedFeatures.ReadAsync(options.Since, cancellationToken))
        {
            requests.Add(request);
            rows += request.Rows.Count;
            if (rows >= options.MaxRows) break;
        }
        return requests;
    }

    private async Task<string?> ReasonToSkipAsync(ServedFeatures request, PositionedLog log, SkewModels models, CancellationToken cancellationToken)
    {
        if (request.CatalogueHash != catalogue.Hash) return "served by a version of the program with other features";
        if (request.Rows.Any(row => row.Values.Length != catalogue.Count)) return "stored with another number of values than there are features";
        if (request.Fold.LastEventId is { } last && !log.PositionsById.ContainsKey(last)) return "the last event it knew is no longer in the log";
        if (request.Rows.Any(row => !log.Reading.Log.Items.TryGetNumber(row.ItemId, out _))) return "an item is no longer in the catalogue";
        return await models.LoadAsync(request.ModelVersion, cancellationToken) ? null : $"the model {request.ModelVersion} cannot be loaded any more";
    }
}
