using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Features;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// Feature rows as they are met in serving, for the reference that drift is measured against: requests of the validation part are answered
/// again by the new model, and of each the best items are taken, as serving logs them. Training rows would not do: they have the position
/// that was shown, no rank in retrieval, and what an earlier model chose.
/// <para>What the user was shown in the days before is left out as serving does by default: otherwise the reference would have the items
/// that everybody likes most, and serving never what they were shown already. Left out are also what other sources than the towers propose
/// and the rules behind the ranker.</para>
/// </summary>
internal static class ReferenceRows
{
    /// <summary>
    /// Requests replayed, evenly over the validation part; with so many, a histogram's share is known to within one in a hundred.
    /// </summary>
    public const int MaxRequests = 2000;

    /// <summary>Rows of a request: a page of a list.</summary>
    public const int RowsPerRequest = 20;

    /// <summary>Lists of the model's <see cref="TwoStageModel.Requests"/>.</summary>
    /// <param name="log">Events in time order; all of them are folded.</param>
    /// <param name="model">Both stages, fitted.</param>
    /// <param name="extractor">The feature code that serving uses.</param>
    /// <param name="candidates">Candidates per request, as in serving.</param>
    /// <param name="progress">Told how far the replay is.</param>
    /// <param name="cancellationToken">Stops between requests.</param>
    /// <param name="past">What came before the log; null: nothing did.</param>
    public static ReferenceSample Build(
        InteractionLog log, TwoStageModel model, FeatureExtractor extractor, int candidates, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken, LogPast? past = null)
    {
        var sample = new ReferenceSample(extractor.Catalogue.Count);
        var shown = new ShownLately(log, model.Requests, Policy.Default.DedupDays);
        var ranking = new TwoStageRanking(log, model, extractor, candidates, past, shown);
        CandidateWalk.Run(log, model.Requests, withheld: null, Stop, "replay requests", progress, cancellationToken, past);
        return sample;

        void Stop(int request, int index, FeatureState state) => ranking.Top(index, state, RowsPerRequest, sample);
    }

    /// <summary>Indexes of the first impressions of lists from a moment on, thinned evenly to at most <paramref name="most"/>.</summary>
    public static List<int> Requests(InteractionLog log, long fromMs, int most)
    {
        var heads = new List<int>();
        var events = log.Events;
        var lists = new HashSet<ListKey>();
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].User >= 0 && events[i].IsImpression && events[i].TimeMs >= fromMs
                && lists.Add(ListKey.Of(events[i])))
                heads.Add(i);
        }
        return Thin(heads, most);
    }

    /// <summary>So many of them at even distances, or all.</summary>
    public static List<int> Thin(List<int> indexes, int most)
    {
        if (indexes.Count <= most) return indexes;
        var step = indexes.Count / (double)most;
        return [.. Enumerable.Range(0, most).Select(i => indexes[(int)(i * step)])];
    }
}
