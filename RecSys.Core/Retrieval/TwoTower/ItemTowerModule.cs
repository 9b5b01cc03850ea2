using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Id and content to one unit vector per item: their sum, refined by a residual layer. Items without a usable id (new, or dropped
/// in this step) share one learnt vector in its place.
/// </summary>
internal sealed class ItemTowerModule : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>
{
    private readonly Parameter unknown;
    private readonly Linear number;
    private readonly LayerNorm norm;
    private readonly Linear hidden;
    private readonly Linear output;
    private readonly bool reduce;

    public ItemTowerModule(TwoTowerOptions options) : base("item")
    {
        var (dimension, hiddenSize) = (options.Dimension, options.Hidden);
        reduce = options.UsesReducedPrecision;
        unknown = new Parameter(zeros(1, dimension));
        number = nn.Linear(ItemContent.NumberCount, dimension, hasBias: false);
        norm = nn.LayerNorm(dimension);
        hidden = nn.Linear(dimension, hiddenSize);
        output = nn.Linear(hiddenSize, dimension);
        RegisterComponents();
    }

    /// <param name="ids">Id rows of the items, [items, dimension].</param>
    /// <param name="known">1 where the id may be used, 0 where not; [items, 1].</param>
    /// <param name="content">Sums of their content rows, [items, dimension].</param>
    /// <param name="numbers">[items, <see cref="ItemContent.NumberCount"/>].</param>
    /// <returns>[items, dimension], L2-normalised.</returns>
    public override Tensor forward(Tensor ids, Tensor known, Tensor content, Tensor numbers)
    {
        var x = content + number.call(numbers) + lerp(unknown, ids, known);
        var scaled = norm.call(x);
        return nn.functional.normalize(scaled + Refine(scaled), 2, 1);
    }

    private Tensor Refine(Tensor x)
    {
        var type = reduce && training ? ScalarType.BFloat16 : ScalarType.Float32;
        var inner = nn.functional.silu(ReducedPrecision.Apply(hidden, x, type));
        return ReducedPrecision.Apply(output, inner, type).to_type(ScalarType.Float32);
    }
}
