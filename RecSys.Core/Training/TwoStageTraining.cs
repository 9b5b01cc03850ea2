using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training;

/// <summary>
/// Fits both stages on one log, the ranker with scores of towers that do not know its rows: with impressions the towers get the earlier
/// part, and the ranker gets all impressions, with tower scores from then on; without them the ranker gets the latest choices of some users
/// (<see cref="HeldBackChoices"/>) and the towers all else.
/// </summary>
internal static class TwoStageTraining
{
    private const int EnoughImpressions = 1000;

    /// <summary>Everything in the log may be learnt from. Towers may be given instead of fitted.</summary>
    public static TwoStageModel Fit(
        InteractionLog log, TrainingOptions options, FeatureCatalogue catalogue, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken,
        GivenTowers? given = null)
    {
        var cut = TowerCut(log, options.TowerShare);
        var heldBack = HasImpressions(log, cut) ? null : HeldBackChoices.Draw(log, options).RequireEnough(options);
        var towerLog = heldBack?.TowerLog ?? log.Where(e => e.TimeMs < cut);
        var towers = given?.Make(towerLog) ?? TowerFitting.Fit(towerLog, options, progress, cancellationToken);
        var view = NeighbourFitting.View(towers, towerLog, heldBack is not null, options, progress, cancellationToken);
        var extractor = new FeatureExtractor(catalogue);
        var rows = heldBack is null
            ? ImpressionRows.Build(log, new ImpressionReplay(cut, Labels(log, options.Label)) { MaxRows = options.MaxImpressions }, view,
                extractor, progress, cancellationToken)
            : CandidateRows.Build(
                log, heldBack.Choices, view, extractor, options.ReturnShare, options, progress, cancellationToken);
        var later = rows.SplitTime(options.ValidationShare);
        var position = heldBack is null ? PositionBias.Settle(log, rows, catalogue, later) : null;
        var ranker = RankerFitting.Fit(rows, options, catalogue, progress, cancellationToken);
        var model = new TwoStageModel(towers, view, ranker, rows)
        {
            Position = position,
            Requests = heldBack is null
                ? ReferenceRows.Requests(log, Math.Max(later, cut), ReferenceRows.MaxRequests)
                : heldBack.Since(later, ReferenceRows.MaxRequests),
        };
        if (heldBack is null && !options.WeighRetrieval) return model;
        var judges = heldBack?.Since(later, RetrievalWeight.MaxLists) ?? Choices(log, Math.Max(later, cut), RetrievalWeight.MaxLists);
        return RetrievalWeight.Weigh(
            log, judges, heldBack is null ? 0 : options.ReturnShare, model, extractor, options.Candidates, progress, cancellationToken);
    }

    /// <summary>
    /// Where the towers' part of a log ends, Unix milliseconds: the moment before which <paramref name="share"/> of the impressions lie, or
    /// of the positive events where the rest would have too few impressions for a ranker. Not of the positive events in both cases, since a
    /// history without impressions may crowd the time before, and the towers would never see what was chosen lately.
    /// </summary>
    /// <exception cref="RecSysException">There are too few events to train on.</exception>
    public static long TowerCut(InteractionLog log, double share)
    {
        var positives = PositivesCut(log, share);
        var impressions = Times(log, e => e.IsImpression);
        var cut = (int)(impressions.Count * share);
        return impressions.Count - cut >= EnoughImpressions ? impressions[cut] : positives;
    }

    /// <summary>The moment before which <paramref name="share"/> of the positive events lie, Unix milliseconds.</summary>
    /// <exception cref="RecSysException">There are too few events to train on.</exception>
    public static long PositivesCut(InteractionLog log, double share)
    {
        var positives = Times(log, e => e.IsPositive);
        if (positives.Count < LogNeeds.PositiveEvents)
            throw new RecSysException($"The log has {positives.Count} positive events (clicks, views, likes, ...); training needs at "
                + $"least {LogNeeds.PositiveEvents:#,0}. Import or collect more.");
        return positives[(int)(positives.Count * share)];
    }

    /// <summary>
    /// True when the log says what was shown from that moment on, so that the ranker can learn from what was passed over.
    /// </summary>
    public static bool HasImpressions(InteractionLog log, long fromMs)
    {
        var count = 0;
        foreach (var e in log.Events)
        {
            if (e.IsImpression && e.TimeMs >= fromMs) count++;
        }
        return count >= EnoughImpressions;
    }

    /// <summary>What came of each impression; see <see cref="ImpressionLabels.Of"/>.</summary>
    /// <param name="log">What happened.</param>
    /// <param name="label">As <see cref="TrainingOptions.Label"/> defines it.</param>
    /// <exception cref="RecSysException">No event is of that type, or there is no such type.</exception>
    public static float[] Labels(InteractionLog log, string label) => ImpressionLabels.Of(log, counts: Answers(log, label));

    /// <summary>
    /// Which events answer an impression: those of a type, and where a log knows no clicks whatever is positive for them.
    /// </summary>
    /// <param name="log">What happened.</param>
    /// <param name="label">As <see cref="TrainingOptions.Label"/> defines it.</param>
    /// <exception cref="RecSysException">No event is of that type, or there is no such type.</exception>
    public static Func<LogEvent, bool> Answers(InteractionLog log, string label)
    {
        if (!EventTypes.TryParse(label, out var type))
            throw new RecSysException($"{TrainingOptions.SectionName}:Label is {label}, which is no type of event.");
        foreach (var e in log.Events)
        {
            if (IsAnswer(e)) return IsAnswer;
        }
        if (type == EventType.Click) return e => e.IsPositive;
        throw new RecSysException($"{TrainingOptions.SectionName}:Label is {label}, but the log has no such event. Take a type that it "
            + "has, or import the events.");

        bool IsAnswer(LogEvent e) => e.Type == type && e.Meaning != EventMeaning.Undo;
    }

    /// <summary>
    /// Events from a moment on by which a user first turned to an item, and before another, thinned evenly to at most
    /// <paramref name="most"/>. What came before the log came first, whatever its time.
    /// </summary>
    public static List<int> Choices(InteractionLog log, long fromMs, int most, long toMs = long.MaxValue, LogPast? past = null)
    {
        var touched = new HashSet<(int User, int Item)>();
        var choices = new List<int>();
        var events = log.Events;
        foreach (var i in log.OrderByTime())
        {
            if (events[i].TimeMs >= toMs) break;
            if (events[i].User >= 0 && events[i].IsPositive && touched.Add((events[i].User, events[i].Item)) && events[i].TimeMs >= fromMs
                && past?.Chose(events[i].User, events[i].Item) != true)
                choices.Add(i);
        }
        choices.Sort();
        return ReferenceRows.Thin(choices, most);
    }

    private static List<long> Times(InteractionLog log, Predicate<LogEvent> counts)
    {
        var times = new List<long>();
        foreach (ref readonly var e in log.Events)
        {
            if (counts(e)) times.Add(e.TimeMs);
        }
        if (!log.IsInTimeOrder) times.Sort();
        return times;
    }
}
