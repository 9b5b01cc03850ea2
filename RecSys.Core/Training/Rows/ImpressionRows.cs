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
    /// <summary>Walks the whole log; impressions become rows, one list per user and millisecond.</summary>
    /// <param name="log">Events in the order in which they are folded.</param>
    /// <param name="towersUntilMs">Unix milliseconds; from this time on the rows have tower scores.</param>
    /// <param name="labels">Per event of the log, from <see cref="ImpressionLabels"/>.</param>
    /// <param name="towers">Towers fitted on events before <paramref name="towersUntilMs"/>.</param>
    /// <param name="extractor">The feature code that serving uses.</param>
    /// <param name="maxRows">The latest so many.</param>
    /// <param name="progress">Told how far the replay is.</param>
    /// <param name="freeze">What the state stops taking in, and when.</param>
    public static RankerRows Build(
        InteractionLog log, long towersUntilMs, float[] labels, TowerView towers, FeatureExtractor extractor, int maxRows,
        IProgress<WorkProgress>? progress, StateFreeze? freeze = null)
    {
        var first = FirstRow(log, maxRows, out var rows);
        var builder = new Builder(log, towersUntilMs, labels, towers, extractor, new RankerRows(extractor.Catalogue.Count, rows));
        var seen = -1;
        var state = new FeatureState(log.Items);
        Replay.Run(
            log,
            state,
            e =>
            {
                seen++;
                if ((seen & 0x3FFFF) == 0) progress?.Report(new WorkProgress("replay features", seen, log.Events.Length, "events"));
                return seen >= first && e.IsImpression && e.User >= 0;
            },
            builder.Add,
            freeze);
        builder.Flush(state);
        progress?.Report(new WorkProgress("replay features", log.Events.Length, log.Events.Length, "events"));
        return builder.Rows;
    }

    private static int FirstRow(InteractionLog log, int maxRows, out int rows)
    {
        var events = log.Events;
        rows = 0;
        var at = events.Length;
        while (at > 0 && rows < maxRows)
        {
            at--;
            if (events[at].IsImpression && events[at].User >= 0) rows++;
        }
        return at;
    }

    // Gathers the impressions of one list before it computes them: replay shows all events of a millisecond before it applies any.
    private sealed class Builder(InteractionLog log, long towersUntilMs, float[] labels, TowerView towers, FeatureExtractor extractor,
        RankerRows rows)
    {
        private readonly List<CandidateInput> inputs = [];
        private readonly List<float> targets = [];
        private readonly float[] embedding = new float[towers.Dimension];
        private LogEvent head;
        private bool honest;

        public RankerRows Rows => rows;

        public void Add(int index, FeatureState state)
        {
            var e = log.Events[index];
            if (inputs.Count == 0) Begin(e, state);
            var score = honest && towers.TryGet(e.Item, out var item) ? TensorPrimitives.Dot(embedding, item) : float.NaN;
            inputs.Add(new CandidateInput(e.Item, score, RetrievalRank: -1, e.Position));
            targets.Add(labels[index]);
            if (!ListContinues(index)) Flush(state);
        }

        public void Flush(FeatureState state)
        {
            if (inputs.Count == 0) return;
            var matrix = rows.AddGroup(head.TimeMs, CollectionsMarshal.AsSpan(targets));
            var request = FeatureRequest.Of(
                log.Users[head.User], state.FindUser(head.User), head.TimeMs, head.Device, head.Location, honest ? towers : null,
                honest ? embedding : ReadOnlyMemory<float>.Empty);
            extractor.Fill(request, state, CollectionsMarshal.AsSpan(inputs), matrix);
            inputs.Clear();
            targets.Clear();
        }

        private void Begin(in LogEvent e, FeatureState state)
        {
            head = e;
            honest = e.TimeMs >= towersUntilMs;
            if (honest) towers.Embed(e.User, state.FindUser(e.User), e.Device, e.Location, embedding);
        }

        // The next impression belongs to the same list when user, moment and context agree and nothing stands between them.
        private bool ListContinues(int index)
        {
            if (index + 1 >= log.Events.Length) return false;
            var next = log.Events[index + 1];
            return next.IsImpression && next.User == head.User && next.TimeMs == head.TimeMs
                && next.Device == head.Device && next.Location == head.Location;
        }
    }
}
