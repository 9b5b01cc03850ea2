using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Rows;

/// <summary>Makes rows of lists, one list at a time, from the state before it. Reuses its buffers; not thread-safe.</summary>
/// <param name="log">The log.</param>
/// <param name="labels">Per event of the log.</param>
/// <param name="towers">Stage 1 for the features that come from it; null: they are unknown in all rows.</param>
/// <param name="towersFromMs">Unix milliseconds; lists that begin before it are rows without towers.</param>
/// <param name="extractor">The feature code that serving uses.</param>
/// <param name="rows">Gets the rows.</param>
internal sealed class ImpressionRowBuilder(
    InteractionLog log, float[] labels, ITowerView? towers, long towersFromMs, FeatureExtractor extractor, RankerRows rows)
{
    private readonly List<CandidateInput> inputs = [];
    private readonly List<float> known = [];
    private readonly float[] embedding = new float[towers?.Dimension ?? 0];

    /// <summary>What was made so far.</summary>
    public RankerRows Rows => rows;

    /// <param name="list">Indexes in the log of its impressions.</param>
    /// <param name="state">State before the moment of the first one.</param>
    public void Add(ReadOnlySpan<int> list, FeatureState state)
    {
        known.Clear();
        foreach (var index in list) known.Add(labels[index]);
        Fill(list, state, rows.AddList(log.Events[list[0]].TimeMs, CollectionsMarshal.AsSpan(known), list));
    }

    /// <summary>The features alone, into the caller's part of a matrix: [list × features], row-major.</summary>
    /// <inheritdoc cref="Add"/>
    public void Fill(ReadOnlySpan<int> list, FeatureState state, Span<float> matrix)
    {
        inputs.Clear();
        ref readonly var head = ref log.Events[list[0]];
        var user = state.FindUser(head.User);
        var view = head.TimeMs >= towersFromMs ? towers : null;
        view?.Embed(head.User, user, head.Device, head.Location, embedding);
        foreach (var index in list)
        {
            ref readonly var e = ref log.Events[index];
            var score = view is not null && view.TryGet(e.Item, out var item) ? TensorPrimitives.Dot(embedding, item) : float.NaN;
            inputs.Add(new CandidateInput(e.Item, score, RetrievalRank: -1, e.Position));
        }
        var request = FeatureRequest.Of(log.Users[head.User], user, head.TimeMs, head.Device, head.Location, view,
            view is null ? ReadOnlyMemory<float>.Empty : embedding);
        extractor.Fill(request, state, CollectionsMarshal.AsSpan(inputs), matrix);
    }
}
