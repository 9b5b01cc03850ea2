using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Training;

/// <summary>The two-stage model in front of a log: ranks the catalogue for a user at a moment of a replay, as serving would.</summary>
internal sealed class TwoStageRanking(InteractionLog log, TwoStageModel model, FeatureExtractor extractor, int candidates)
{
    private readonly CandidateSearch search = new(model.View, log, candidates);
    private readonly float[] matrix = new float[candidates * extractor.Catalogue.Count];
    private readonly double[] raw = new double[candidates];
    private readonly int[] items = new int[candidates];
    private int count;

    /// <summary>Item ordinals of the latest <see cref="Rank"/>, best first.</summary>
    public ReadOnlySpan<int> Ranked => items.AsSpan(0, count);

    /// <summary>Retrieves and ranks for the user of an event, knowing nothing of the event and what comes after it.</summary>
    /// <returns>Rank of the event's item from 1, behind all items of its score; positive infinity when retrieval did not propose it.</returns>
    public double Rank(int index, FeatureState state)
    {
        var e = log.Events[index];
        var user = state.FindUser(e.User);
        var found = search.Find(index, e, user);
        count = found.Length;
        if (count == 0) return double.PositiveInfinity;
        var rows = matrix.AsSpan(0, count * extractor.Catalogue.Count);
        extractor.Fill(CandidateRows.RequestOf(log, e, user, model.View, search), state, found, rows);
        model.Ranker.Forest.Score(rows, count, raw.AsSpan(0, count));
        for (var i = 0; i < count; i++)
        {
            items[i] = found[i].Item;
            raw[i] = -raw[i];
        }
        raw.AsSpan(0, count).Sort(items.AsSpan(0, count));
        var at = Ranked.IndexOf(e.Item);
        if (at < 0) return double.PositiveInfinity;
        while (at + 1 < count && raw[at + 1] == raw[at]) at++;
        return at + 1;
    }
}
