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
        InteractionLog log, ImpressionReplay wanted, ITowerView towers, FeatureExtractor extractor, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken = default)
    {
        var lists = new ImpressionLists(log, Math.Max(wanted.First, FirstRow(log, wanted.MaxRows)));
        var builder = new ImpressionRowBuilder(log, wanted.Labels, towers, wanted.TowersUntilMs, extractor,
            new RankerRows(extractor.Catalogue.Count, lists.Impressions));
        Walk(log, lists, builder.Add, wanted.Freeze, progress, cancellationToken);
        return builder.Rows;
    }

    /// <summary>Walks the whole log and stops at the moment of each list.</summary>
    /// <param name="log">Events in the order in which they are folded.</param>
    /// <param name="lists">Where to stop.</param>
    /// <param name="stop">Gets the list and the state before it.</param>
    /// <param name="freeze">What the state stops taking in, and when; null: nothing.</param>
    /// <param name="progress">Told how far the replay is.</param>
    /// <param name="cancellationToken">Stops between moments of the log.</param>
    /// <param name="past">What came before the log; null: nothing did.</param>
    public static void Walk(
        InteractionLog log, ImpressionLists lists, ListStop stop, StateFreeze? freeze, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken, LogPast? past = null)
    {
        var (seen, next) = (-1, 0);
        Replay.Run(
            log,
            past?.Open() ?? new FeatureState(log.Items),
            _ =>
            {
                seen++;
                if ((seen & 0x3FFFF) == 0) progress?.Report(new WorkProgress("replay features", seen, log.Events.Length, "events"));
                return next < lists.Count && lists[next][0] == seen;
            },
            (_, state) => stop(lists[next++], state),
            freeze,
            cancellationToken);
        progress?.Report(new WorkProgress("replay features", log.Events.Length, log.Events.Length, "events"));
    }

    /// <summary>What to do at a list.</summary>
    /// <param name="list">Indexes in the log of its impressions.</param>
    /// <param name="state">State before the moment of the first one; must not be changed.</param>
    public delegate void ListStop(ReadOnlySpan<int> list, FeatureState state);

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
}
