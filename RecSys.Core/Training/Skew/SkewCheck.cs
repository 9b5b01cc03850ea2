using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Skew;

/// <summary>
/// Compares features as they were served with the same features from a replay of the event log by the code that makes training rows: what
/// differs, the ranker learnt with one meaning and is asked with another.
/// </summary>
/// <remarks>
/// <para>Each record of an answered request carries the position of the log that its world was folded to. The replay gives every entry of
/// the log (events, items and profiles that change, merges, erasures) to <see cref="LiveState"/> and stops behind that one, so the two
/// states hold the same, and every difference is one of data or code: an embedding that was not computed from the current state, another
/// definition of a feature.</para>
/// <para>What cannot be repeated: the own history of a user who was erased since, also where it had become another user's; the former
/// embedding of an item whose text was encoded anew.</para>
/// <para>Item, time, device, location, retrieval score and retrieval rank are taken as logged; user state, item state, user embedding and
/// everything else are computed again, with the embeddings of the bundle that served.</para>
/// </remarks>
public sealed class SkewCheck(IServedRecordStore served, IEventLog log, ILogContents contents, ModelRegistry registry,
    FeatureCatalogue catalogue)
{
    /// <param name="options">What is looked at.</param>
    /// <param name="progress">Told how far the replay is.</param>
    /// <param name="cancellationToken">Stops between requests.</param>
    /// <exception cref="RecSysException">There is nothing to compare.</exception>
    public async Task<SkewReport> RunAsync(SkewOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var report = await FindAsync(options, progress, cancellationToken);
        if (report.Requests > 0) return report;
        if (report.Skipped.Count == 0)
            throw new RecSysException("No served features are logged for that time. Serve with ServedRecords:FeatureShare above 0, or "
                + "look further back with --since.");
        throw new RecSysException($"None of the {report.Skipped.Values.Sum()} logged requests can be compared: "
            + $"{string.Join("; ", report.Skipped.Keys)}. Serve some with this program, on this data and a model that is still there, and "
            + "look at those alone with --since.");
    }

    /// <summary>As <see cref="RunAsync"/>, and a report of no requests where there is nothing to compare.</summary>
    public async Task<SkewReport> FindAsync(SkewOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var requests = await ReadAsync(options, cancellationToken);
        if (requests.Count == 0) return Report(0, null, []);
        var head = await log.ReadHeadAsync(cancellationToken);
        var items = new ItemCatalog();
        await foreach (var stored in contents.ReadItemsAsync(ct: cancellationToken))
        {
            items.Put(stored.Number, stored.Item);
            if (stored.Removed) items.Remove(stored.Number);
        }
        using var models = new SkewModels(registry, catalogue, items);
        var skipped = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var stops = new List<(long Position, ServedRecord Request)>();
        foreach (var request in requests)
        {
            if (await ReasonToSkipAsync(request, head, items, models, cancellationToken) is { } reason)
                skipped[reason] = skipped.GetValueOrDefault(reason) + 1;
            else stops.Add((request.Position, request));
        }
        if (stops.Count == 0) return Report(0, null, skipped);

        var tally = new SkewTally(catalogue);
        var state = new LiveState(head.Epoch, new NoUserStates(), storeIsEmpty: true, new EventOptions { MaxUsersInMemory = int.MaxValue },
            []);
        var rows = new SkewRows(state, models, catalogue);
        var done = 0;
        await SkewReplay.RunAsync(log.ReadAfterAsync(0, cancellationToken), state, stops, models.Follow, request =>
        {
            rows.Compare(request, tally);
            progress?.Report(new WorkProgress("replay served requests", ++done, stops.Count, "requests"));
        }, cancellationToken);
        return Report(stops.Count, tally, skipped);

        SkewReport Report(int compared, SkewTally? counts, SortedDictionary<string, int> reasons) =>
            new(compared, counts?.Rows ?? 0, options.ToleratedShare, reasons, counts?.ToFeatures() ?? []);
    }

    private async Task<List<ServedRecord>> ReadAsync(SkewOptions options, CancellationToken cancellationToken)
    {
        var requests = new List<ServedRecord>();
        var rows = 0;
        await foreach (var request in served.ReadAsync(options.Since, cancellationToken))
        {
            if (request.CatalogueHash is null || request.Time >= options.Until) continue;
            requests.Add(request);
            rows += request.Items.Count;
            if (rows >= options.MaxRows) break;
        }
        return requests;
    }

    private async Task<string?> ReasonToSkipAsync(ServedRecord request, LogHead head, ItemCatalog items, SkewModels models,
        CancellationToken cancellationToken)
    {
        if (request.CatalogueHash != catalogue.Hash) return "served by a version of the program with other features";
        if (request.Items.Any(item => item.Features?.Length != catalogue.Count))
            return "stored with another number of values than there are features";
        if (request.Epoch != head.Epoch || request.Position > head.Position) return "what it saw is not in this log, as after a restore";
        if (request.Items.Any(item => items.IsRemoved(item.Item))) return "an item is no longer in the catalogue";
        var version = request.Assignment.ModelVersion;
        return await models.LoadAsync(version, cancellationToken) ? null : $"the model {version} cannot be loaded any more";
    }
}
