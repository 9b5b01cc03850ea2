using System.Numerics.Tensors;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// What the ranker would choose if it saw every item that a user may get: all features of all items, the forest, the calibration. An item
/// has the rank of an exact search where it is among as many as the search may add, and beyond that the one of items that other sources
/// propose, as in training. One thread; reuses its buffers.
/// </summary>
/// <param name="extractor">Computes the features.</param>
internal sealed class WholeCatalogue(FeatureExtractor extractor)
{
    private const int Rows = 2048;

    // Some to spare for the same product listed twice.
    private const int Kept = 5;

    private readonly CandidateInput[] inputs = new CandidateInput[Rows];
    private readonly double[] raw = new double[Rows];
    private float[] matrix = [];
    private int[] ranks = [];

    /// <summary>The best items by click probability, without the same product twice.</summary>
    /// <param name="context">A request that went through the stages, with a user embedding.</param>
    /// <param name="most">How many.</param>
    /// <param name="probabilities">Of the items.</param>
    public int[] Best(RecommendationContext context, int most, out double[] probabilities)
    {
        var (catalog, bundle, width) = (context.Catalog, context.Model.Bundle, extractor.Catalogue.Count);
        if (matrix.Length < Rows * width) matrix = new float[Rows * width];
        var items = MayGet(context);
        Rank(context, items);
        var user = context.User;
        var request = FeatureRequest.Of(
            user.Profile, user.State, context.FeatureTimeMs, context.Device, context.Location, context.Model, context.UserEmbedding);
        var best = new TopItems(Kept * most);
        for (var first = 0; first < items.Count; first += Rows)
        {
            var count = Math.Min(Rows, items.Count - first);
            for (var i = 0; i < count; i++) inputs[i] = InputOf(context, items[first + i]);
            extractor.Fill(request, context.World.Features, inputs.AsSpan(0, count), matrix);
            bundle.Forest.Score(matrix.AsSpan(0, count * width), count, raw);
            for (var i = 0; i < count; i++) best.Offer(items[first + i], bundle.Calibrator.Calibrate(raw[i]));
        }
        var (ranked, keys) = (best.Take(out var scores), new HashSet<ulong>());
        var chosen = Enumerable.Range(0, ranked.Length).Where(at => keys.Add(catalog.DuplicateKey(ranked[at]))).Take(most).ToArray();
        probabilities = [.. chosen.Select(at => scores[at])];
        return [.. chosen.Select(at => ranked[at])];
    }

    private static List<int> MayGet(RecommendationContext context)
    {
        var (catalog, seen, window) = (context.Catalog, context.User.Seen, SeenWindow.Of(context));
        var items = new List<int>(catalog.Count);
        for (var item = 0; item < catalog.Count; item++)
        {
            if (catalog.IsServable(item) && window.ReasonAgainst(seen.Find(item)) is null) items.Add(item);
        }
        return items;
    }

    private void Rank(RecommendationContext context, List<int> items)
    {
        if (ranks.Length < context.Catalog.Count) ranks = new int[context.Catalog.Count];
        Array.Fill(ranks, CandidateUnion.BeyondTheSearch);
        var nearest = new TopItems(context.Policy.Candidates);
        foreach (var item in items)
        {
            var score = ScoreOf(context, item);
            if (!float.IsNaN(score)) nearest.Offer(item, score);
        }
        foreach (var (rank, item) in nearest.Take().Index()) ranks[item] = rank;
    }

    private CandidateInput InputOf(RecommendationContext context, int item)
    {
        var score = ScoreOf(context, item);
        return float.IsNaN(score) ? new CandidateInput(item) : new CandidateInput(item, score, ranks[item]);
    }

    private static float ScoreOf(RecommendationContext context, int item) =>
        context.Model.TryGet(item, out var embedding) ? TensorPrimitives.Dot(context.UserEmbedding, embedding) : float.NaN;
}
