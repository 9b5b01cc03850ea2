using System.Buffers;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Training.Towers;

/// <summary>Stage 1 alone, over the whole catalogue: cosine of user and item embedding.</summary>
internal sealed class TowerRecommender(TwoTowerModel model, UserDirectory users) : IRecommender
{
    public string Name => "retrieval";

    public Knowledge Knows => Knowledge.User;

    public void Score(in RankingQuery query, Span<float> scores)
    {
        var embedding = ArrayPool<float>.Shared.Rent(model.Dimension);
        var asked = embedding.AsSpan(0, model.Dimension);
        var user = query.User < 0 ? null : users[query.User];
        model.UserTower.Embed(query.History, user, device: 0, location: 0, model.ItemEmbeddings, asked);
        for (var item = 0; item < scores.Length; item++)
            scores[item] = TensorPrimitives.Dot<float>(asked, model.ItemEmbeddings.AsSpan(item * model.Dimension, model.Dimension));
        ArrayPool<float>.Shared.Return(embedding);
    }
}
