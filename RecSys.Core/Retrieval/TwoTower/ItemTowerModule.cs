using RecSys.Core.Retrieval.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Id and content to one unit vector per item: their sum, refined by a residual layer. Items without a usable id (new, or dropped
/// in this step) share one learnt vector in its place.
/// </summary>
internal sealed class ItemTowerModule : nn.Module<Tensor, Tensor, Tensor, ItemContentTensors, Tensor>
{
    private readonly Parameter unknown;
    private readonly Linear number;
    private readonly Linear? text;
    private readonly LayerNorm norm;
    private readonly Linear hidden;
    private readonly Linear output;
    private readonly bool reduce;

    /// <param name="options">Sizes and precision.</param>
    /// <param name="textDimension">Values of the text embedding in the content; 0 when there is none.</param>
    public ItemTowerModule(TwoTowerOptions options, int textDimension = 0) : base("item")
    {
        var (dimension, hiddenSize) = (options.Dimension, options.Hidden);
        reduce = options.ReducedPrecision == true;
        unknown = new Parameter(zeros(1, dimension));
        number = nn.Linear(ItemContentScheme.NumberCount, dimension, hasBias: false);
        if (textDimension > 0) text = nn.Linear(textDimension, dimension, hasBias: false);
        norm = nn.LayerNorm(dimension);
        hidden = nn.Linear(dimension, hiddenSize);
        output = nn.Linear(hiddenSize, dimension);
        RegisterComponents();
    }

    /// <param name="ids">Id rows of the items, [items, dimension].</param>
    /// <param name="known">1 where the id may be used, 0 where not; [items, 1].</param>
    /// <param name="content">Sums of their content rows, [items, dimension].</param>
    /// <param name="bags">Numbers and texts of the same items.</param>
    /// <returns>[items, dimension], L2-normalised.</returns>
    public override Tensor forward(Tensor ids, Tensor known, Tensor content, ItemContentTensors bags)
    {
        var x = content.Plus(number.call(bags.Numbers)).Plus(lerp(unknown, ids, known));
        if (text is not null) x = x.Plus(text.call(bags.Texts!));
        var scaled = norm.call(x);
        return nn.functional.normalize(scaled.Plus(Refine(scaled)), 2, 1);
    }

    /// <summary>The weights under the names that <see cref="ItemTower"/> reads.</summary>
    public Dictionary<string, WeightTensor> Export()
    {
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        using var scope = NewDisposeScope();
        foreach (var (name, value) in named_parameters())
            tensors[name] = new WeightTensor([.. value.shape.Select(s => (int)s)], value.detach().cpu().data<float>().ToArray());
        return tensors;
    }

    private Tensor Refine(Tensor x)
    {
        var type = reduce && training ? ScalarType.BFloat16 : ScalarType.Float32;
        var inner = nn.functional.silu(ReducedPrecision.Apply(hidden, x, type));
        return ReducedPrecision.Apply(output, inner, type).to_type(ScalarType.Float32);
    }
}
