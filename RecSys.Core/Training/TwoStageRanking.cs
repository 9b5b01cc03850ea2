using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training;

/// <summary>A two-stage model in front of a log: ranks the catalogue for a user at a moment of a replay, as serving would.</summary>
internal sealed class TwoStageRanking(
    InteractionLog log, RankingParts model, FeatureExtractor extractor, int candidates, LogPast? past = null, ShownLately? shown = null)
{
    private readonly CandidateSearch search = new(model.Towers, log, candidates, past, shown);
    private readonly float[] matrix = new float[candidates * extractor.Catalogue.Count];
    private readonly double[] probabilities = new double[candidates];
    private readonly double[] scores = new double[candidates];
    private readonly float[] retrieval = new float[candidates];
    private readonly int[] items = new int[candidates];
    private readonly int[] places = new int[candidates];
    private int count;

    /// <summary>A model that was trained just now.</summary>
    public TwoStageRanking(
        InteractionLog log, TwoStageModel model, FeatureExtractor extractor, int candidates, LogPast? past = null,
        ShownLately? shown = null)
        : this(log, model.Parts, extractor, candidates, past, shown)
    {
    }

    /// <summary>Item ordinals of the latest <see cref="Rank"/>, best first.</summary>
    public ReadOnlySpan<int> Ranked => items.AsSpan(0, count);

    /// <summary>Retrieves and ranks for the user of an event, knowing nothing of the event and what comes after it.</summary>
    /// <returns>Rank of the event's item from 1, behind all items of its score; positive infinity when retrieval did not propose
    /// it.</returns>
    public double Rank(int index, FeatureState state)
    {
        Score(index, state);
        var rank = RankOf(log.Events[index].Item, model.RetrievalWeight);
        for (var i = 0; i < count; i++) scores[i] = -scores[i];
        scores.AsSpan(0, count).Sort(items.AsSpan(0, count));
        return rank;
    }

    /// <summary>Retrieves and ranks for the user of an event and adds the list of the best items, best first.</summary>
    /// <param name="index">The event; it and what comes after it is not known.</param>
    /// <param name="state">State before it.</param>
    /// <param name="most">Items wanted.</param>
    /// <param name="into">Gets up to so many rows.</param>
    public void Top(int index, FeatureState state, int most, ReferenceSample into)
    {
        Score(index, state);
        ListScore.Fill(model.RetrievalWeight, probabilities.AsSpan(0, count), retrieval.AsSpan(0, count), scores.AsSpan(0, count));
        for (var i = 0; i < count; i++) (places[i], scores[i]) = (i, -scores[i]);
        scores.AsSpan(0, count).Sort(places.AsSpan(0, count));
        var width = extractor.Catalogue.Count;
        foreach (var place in places.AsSpan(0, Math.Min(most, count)))
            into.AddRow(matrix.AsSpan(place * width, width), items[place], probabilities[place]);
        into.EndList(search.Embedding.Span);
    }

    /// <summary>Retrieves and scores for the user of an event, before any weight of retrieval.</summary>
    public void Score(int index, FeatureState state)
    {
        var e = log.Events[index];
        var user = state.FindUser(e.User);
        var found = search.Find(index, e, user);
        count = found.Length;
        if (count == 0) return;
        var rows = matrix.AsSpan(0, count * extractor.Catalogue.Count);
        extractor.Fill(CandidateRows.RequestOf(log, e, user, model.Towers, search), state, found, rows);
        model.Forest.Score(rows, count, probabilities.AsSpan(0, count));
        for (var i = 0; i < count; i++)
        {
            probabilities[i] = model.Calibrator.Calibrate(probabilities[i]);
            (items[i], retrieval[i]) = (found[i].Item, found[i].RetrievalScore);
        }
    }

    /// <summary>Rank of an item among what the latest <see cref="Score"/> found, from 1; positive infinity when it is not there.</summary>
    public double RankOf(int item, double weight)
    {
        ListScore.Fill(weight, probabilities.AsSpan(0, count), retrieval.AsSpan(0, count), scores.AsSpan(0, count));
        var at = items.AsSpan(0, count).IndexOf(item);
        if (at < 0) return double.PositiveInfinity;
        var rank = 0;
        foreach (var score in scores.AsSpan(0, count))
        {
            if (score >= scores[at]) rank++;
        }
        return rank;
    }
}
