using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// Ranker rows from logged impressions: what was shown, with the features of the moment before, and whether it was clicked. Rows of the
/// time that the towers were fitted on are rows without towers: every feature that needs them is unknown there, since towers score what
/// they have learnt better than what is to come.
/// </summary>
internal static class ImpressionRows
{
    /// <summary>
    /// Walks the whole log; impressions become rows, list by list (<see cref="ImpressionLists"/>), with the features of the moment of the
    /// list's first impression: when a list is made, nothing of it is known.
    /// </summary>
    /// <param name="log">Events in the order in which they are folded.</param>
    /// <param name="wanted">Labels, and which rows.</param>
    /// <param name="towers">Towers fitted on events before <see cref="ImpressionReplay.TowersUntilMs"/>.</param>
    /// <param name="extractor">The feature code that serving uses.</param>
    /// <param name="progress">Told how far the replay is.</param>
    /// <param name="cancellationToken">Stops between moments of the log.</param>
    /// <returns>Rows that know their events.</returns>
    public static RankerRows Build(
        InteractionLog log, ImpressionReplay wanted, TowerView towers, FeatureExtractor extractor, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken = default)
    {
        var lists = new ImpressionLists(log, Math.Max(wanted.First, FirstRow(log, wanted.MaxRows)));
        var builder = new Builder(log, wanted, towers, extractor, new RankerRows(extractor.Catalogue.Count, lists.Impressions));
        var (seen, next) = (-1, 0);
        Replay.Run(
            log,
            new FeatureState(log.Items),
            _ =>
            {
                seen++;
                if ((seen & 0x3FFFF) == 0) progress?.Report(new WorkProgress("replay features", seen, log.Events.Length, "events"));
                return next < lists.Count && lists[next][0] == seen;
            },
            (_, state) => builder.Add(lists[next++], state),
            wanted.Freeze,
            cancellationToken);
        progress?.Report(new WorkProgress("replay features", log.Events.Length, log.Events.Length, "events"));
        return builder.Rows;
    }

    private static int FirstRow(InteractionLog log, int maxRows)
    {
        var events = log.Events;
        var (at, rows) = (events.Length, 0);
        while (at > 0 && rows < maxRows)
        {
            at--;
            if (events[at].IsImpression && events[at].User >= 0) rows++;
        }
        return at;
    }

    private sealed class Builder(
        InteractionLog log, ImpressionReplay wanted, TowerView towers, FeatureExtractor extractor, RankerRows rows)
    {
        private readonly List<CandidateInput> inputs = [];
        private readonly List<float> labels = [];
        private readonly float[] embedding = new float[towers.Dimension];

        public RankerRows Rows => rows;

        public void Add(ReadOnlySpan<int> list, FeatureState state)
        {
            inputs.Clear();
            labels.Clear();
            ref readonly var head = ref log.Events[list[0]];
            var user = state.FindUser(head.User);
            var honest = head.TimeMs >= wanted.TowersUntilMs;
            if (honest) towers.Embed(head.User, user, head.Device, head.Location, embedding);
            foreach (var index in list)
            {
                ref readonly var e = ref log.Events[index];
                var score = honest && towers.TryGet(e.Item, out var item) ? TensorPrimitives.Dot(embedding, item) : float.NaN;
                inputs.Add(new CandidateInput(e.Item, score, RetrievalRank: -1, e.Position));
                labels.Add(wanted.Labels[index]);
            }
            var matrix = rows.AddList(head.TimeMs, CollectionsMarshal.AsSpan(labels), list);
            var request = FeatureRequest.Of(log.Users[head.User], user, head.TimeMs, head.Device, head.Location, honest ? towers : null,
                honest ? embedding : ReadOnlyMemory<float>.Empty);
            extractor.Fill(request, state, CollectionsMarshal.AsSpan(inputs), matrix);
        }
    }
}
