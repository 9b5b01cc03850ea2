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

    /// <summary>Rows of the bundle are ordinals.</summary>
    /// <param name="user">Ordinal.</param>
    /// <param name="history">Here what the user met and did not choose.</param>
    /// <param name="scores">One per item.</param>
    public void Score(int user, ReadOnlySpan<int> history, Span<float> scores)
    {
        var (query, mean) = (new float[bundle.Dimension], new float[bundle.Dimension]);
        bundle.UserTower.Embed([], users[user], device: 0, location: 0, ReadOnlySpan<float>.Empty, query);
        if (push != 0 && !history.IsEmpty)
        {
            foreach (var item in history) TensorPrimitives.Add(mean, bundle.Embeddings[item], mean);
            TensorPrimitives.MultiplyAdd(mean, -push / history.Length, query, query);
        }
        for (var item = 0; item < scores.Length; item++) scores[item] = TensorPrimitives.Dot(query, bundle.Embeddings[item]);
    }
}
