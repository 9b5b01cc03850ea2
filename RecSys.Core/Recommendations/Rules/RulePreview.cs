using System.Runtime.CompilerServices;
using RecSys.Core.Domain;
using RecSys.Core.Merchandising;
using RecSys.Core.Pipeline;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>
/// Says what other rules would do: answers requests that were served once more in the present world, by the rules in force and by the
/// others. Nothing stays behind. What a request asked for in its body (filter, boost, exclusions, context) is left out.
/// </summary>
public sealed class RulePreview(Recommender recommender, WorldSource worlds, IServedRecordStore records) : IDisposable
{
    /// <summary>Most lists of a preview.</summary>
    public const int MostLists = 1000;

    private readonly SemaphoreSlim free = new(1, 1);

    // Of so many parts of the span about as many lists are taken, so that they are not all of its first minutes.
    private const int Parts = 24;

    /// <summary>Takes the turn: a preview works for seconds, and one does so at a time.</summary>
    /// <returns>False when it is taken. Who gets it gives it back.</returns>
    public bool TryTake() => free.Wait(TimeSpan.Zero);

    public void GiveBack() => free.Release();

    public void Dispose() => free.Dispose();

    /// <summary>Repeats a sample of the requests of a span of time.</summary>
    /// <param name="change">Makes the other rules of those in force.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="most">Most lists, 1 to <see cref="MostLists"/>.</param>
    /// <param name="ct">Ends it early.</param>
    /// <returns>The lists, as they come out.</returns>
    public async IAsyncEnumerable<PreviewedList> RunAsync(
        Func<RuleBook, RuleBook> change, DateTimeOffset from, DateTimeOffset to, int most,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var (inForce, others) = (RuleBook.Empty, change(RuleBook.Empty));
        await foreach (var record in SampleAsync(from, to, most, ct))
        {
            // Users go on changing: each list is looked at in the world of its turn, twice in the same.
            var world = worlds.Take();
            if (world.IsErased(record.UserId)) continue;
            if (world.Rules != inForce) (inForce, others) = (world.Rules, change(world.Rules));
            var request = Recommender.RequestOf(record);
            var before = await ListAsync(request, record.RequestId, world, ct);
            var after = await ListAsync(request, record.RequestId, world.With(others), ct);
            yield return new PreviewedList(record.RequestId, record.UserId, request.Scenario, before, after);
        }
    }

    private async Task<int[]> ListAsync(RecommendationRequest request, string requestId, ServingWorld world, CancellationToken ct)
    {
        var context = await recommender.RepeatAsync(request, requestId, world, ct);
        try
        {
            var items = new int[context.Candidates.Count];
            for (var i = 0; i < items.Length; i++) items[i] = context.Candidates.Items[i].Item;
            return items;
        }
        finally
        {
            recommender.Complete(context);
        }
    }

    // One of each part in turn, until there are enough or all are used up.
    private async IAsyncEnumerable<ServedRecord> SampleAsync(
        DateTimeOffset from, DateTimeOffset to, int most, [EnumeratorCancellation] CancellationToken ct)
    {
        var parts = new List<IAsyncEnumerator<ServedRecord>>();
        try
        {
            for (var part = 0; part < Parts; part++)
            {
                var (begin, end) = (from + (to - from) / Parts * part, part == Parts - 1 ? to : from + (to - from) / Parts * (part + 1));
                parts.Add(records.ReadBetweenAsync(begin, end, ct).GetAsyncEnumerator(ct));
            }
            var open = new List<IAsyncEnumerator<ServedRecord>>(parts);
            for (var taken = 0; open.Count > 0;)
            {
                for (var at = 0; at < open.Count; at++)
                {
                    if (!await open[at].MoveNextAsync())
                    {
                        open.RemoveAt(at--);
                        continue;
                    }
                    if (open[at].Current is not { Items.Count: > 0, UserId.Length: > 0 } record) continue;
                    // What a caller had ranked was its own list, and follows no rules.
                    if ((record.Items[0].Sources & (int)CandidateSources.Given) != 0) continue;
                    yield return record;
                    if (++taken == most) yield break;
                }
            }
        }
        finally
        {
            foreach (var part in parts) await part.DisposeAsync();
        }
    }
}
