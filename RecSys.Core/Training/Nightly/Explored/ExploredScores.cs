using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Explored;

/// <summary>
/// Lets models score the pools of explored places at the moments at which they were served, in one replay: the state behind the position
/// that the request saw, each model with its own towers, ranker and calibration.
/// </summary>
internal sealed class ExploredScores
{
    private const int LookEvery = 1024;

    private readonly InteractionLog log;
    private readonly IReadOnlyList<JudgedModel> models;
    private readonly FeatureExtractor extractor;
    private readonly float[][] embeddings;
    private readonly List<double[]>[] scores;
    private readonly List<CandidateInput> inputs = [];
    private float[] matrix = [];

    private ExploredScores(InteractionLog log, IReadOnlyList<JudgedModel> models, FeatureCatalogue catalogue)
    {
        (this.log, this.models) = (log, models);
        extractor = new FeatureExtractor(catalogue);
        embeddings = [.. models.Select(model => new float[model.Parts.Towers.Dimension])];
        scores = [.. models.Select(_ => new List<double[]>())];
    }

    /// <returns>By model, then by place in the order of the lists, then as the pool.</returns>
    public static IReadOnlyList<IReadOnlyList<double[]>> Of(
        InteractionLog log, IReadOnlyList<ExploredList> lists, IReadOnlyList<JudgedModel> models, FeatureCatalogue catalogue,
        CancellationToken ct, LogPast? past = null)
    {
        var scoring = new ExploredScores(log, models, catalogue);
        scoring.Walk(lists, past?.Open() ?? new FeatureState(log.Items), ct);
        return scoring.scores;
    }

    private void Walk(IReadOnlyList<ExploredList> lists, FeatureState state, CancellationToken ct)
    {
        var (merges, next) = (new MergeReplay(log), 0);
        for (var i = 0; i < log.Events.Length && next < lists.Count; i++)
        {
            if (i % LookEvery == 0) ct.ThrowIfCancellationRequested();
            merges.Before(i, state);
            for (; next < lists.Count && lists[next].Record.Position < log.Positions[i]; next++) Score(lists[next], state);
            state.Apply(log.Events[i]);
        }
        for (; next < lists.Count; next++) Score(lists[next], state);
    }

    private void Score(ExploredList list, FeatureState state)
    {
        var (record, user) = (list.Record, state.FindUser(list.User));
        var (device, location) = (ContextCodes.Device(record.Device), ContextCodes.Location(record.Location));
        for (var m = 0; m < models.Count; m++)
        {
            var (towers, embedding) = (models[m].Parts.Towers, embeddings[m]);
            towers.Embed(list.User, user, device, location, embedding);
            var request = FeatureRequest.Of(
                log.Users[list.User], user, record.FeatureTime.ToUnixTimeMilliseconds(), device, location, towers, embedding);
            foreach (var place in list.Places) scores[m].Add(Score(place.Pool, request, state, models[m].Parts, embedding));
        }
    }

    private double[] Score(
        IReadOnlyList<int> pool, FeatureRequest request, FeatureState state, RankingParts parts, ReadOnlySpan<float> embedding)
    {
        inputs.Clear();
        var retrieval = new float[pool.Count];
        for (var i = 0; i < retrieval.Length; i++)
        {
            retrieval[i] = parts.Towers.TryGet(pool[i], out var item) ? TensorPrimitives.Dot(embedding, item) : float.NaN;
            inputs.Add(new CandidateInput(pool[i], retrieval[i], RetrievalRank: -1));
        }
        var width = extractor.Catalogue.Count;
        if (matrix.Length < pool.Count * width) matrix = new float[pool.Count * width];
        var rows = matrix.AsSpan(0, pool.Count * width);
        extractor.Fill(request, state, CollectionsMarshal.AsSpan(inputs), rows);
        PositionBias.AsServed(rows, extractor.Catalogue);
        var (probabilities, listed) = (new double[pool.Count], new double[pool.Count]);
        parts.Forest.Score(rows, pool.Count, probabilities);
        for (var i = 0; i < probabilities.Length; i++) probabilities[i] = parts.Calibrator.Calibrate(probabilities[i]);
        ListScore.Fill(parts.RetrievalWeight, probabilities, retrieval, listed);
        return listed;
    }
}
