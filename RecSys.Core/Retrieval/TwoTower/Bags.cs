using TorchSharp;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Weighted sums of table rows.</summary>
/// <param name="Indices">Rows of all bags, int64.</param>
/// <param name="Offsets">Where each bag begins, int64 [bags].</param>
/// <param name="Weights">Weight per index.</param>
internal sealed record Bags(Tensor Indices, Tensor Offsets, Tensor Weights)
{
    /// <summary>The same with every tensor on the device.</summary>
    public Bags To(Device device) => new(Indices.Send(device), Offsets.Send(device), Weights.Send(device));

    /// <returns>[bags, columns of <paramref name="table"/>]; zero for an empty bag. No gradient flows back.</returns>
    public Tensor Sum(Tensor table)
    {
        using var guard = no_grad();
        using var bags = nn.EmbeddingBag_from_pretrained(table, mode: EmbeddingBagMode.Sum);
        return bags.call(Indices, Offsets, Weights);
    }
}
