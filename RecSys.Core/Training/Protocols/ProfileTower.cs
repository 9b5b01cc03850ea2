using System.Globalization;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Models;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// The user tower on the profile alone, as it is served to who has no positive event. What the user passed over or rejected can push the
/// query away from it: by <paramref name="push"/> times the mean of its embeddings (towards it where that is negative).
/// </summary>
internal sealed class ProfileTower(ModelBundle bundle, UserDirectory users, float push = 0) : IRecommender
{
    public string Name => push == 0 ? "retrieval" : string.Create(CultureInfo.InvariantCulture, $"retrieval - {push} passed over");

    public Knowledge Knows => Knowledge.Cut;

    /// <summary>Rows of the bundle are ordinals.</summary>
    /// <param name="query">Its history is here what the user met and did not choose.</param>
    /// <param name="scores">One per item.</param>
    public void Score(in RankingQuery query, Span<float> scores)
    {
        var (asked, mean) = (new float[bundle.Dimension], new float[bundle.Dimension]);
        bundle.UserTower.Embed([], users[query.User], device: 0, location: 0, ReadOnlySpan<float>.Empty, asked);
        if (push != 0 && !query.History.IsEmpty)
        {
            foreach (var item in query.History) TensorPrimitives.Add(mean, bundle.Embeddings[item], mean);
            TensorPrimitives.MultiplyAdd(mean, -push / query.History.Length, asked, asked);
        }
        for (var item = 0; item < scores.Length; item++) scores[item] = TensorPrimitives.Dot(asked, bundle.Embeddings[item]);
    }
}
