using RecSys.Core.Retrieval.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Training form of <see cref="UserTower"/>: all positions of a sequence at once. Position p has seen the start vector and p entries, so it
/// predicts the entry behind them; sequences are padded at the end, which causal attention never looks at.
/// </summary>
internal sealed class UserTowerModule : nn.Module
{
    private readonly int history;
    private readonly double scale;
    private readonly DropoutMasks dropout;
    private readonly Parameter start;
    private readonly ModuleList<AttentionBlockModule> blocks;
    private readonly EmbeddingBag profile;
    private readonly LayerNorm norm;
    private readonly Linear output;
    private readonly bool reduce;

    public UserTowerModule(TwoTowerOptions options) : base("user")
    {
        var dimension = options.Dimension;
        if (dimension % options.Heads != 0)
            throw new Domain.RecSysException(
                $"{TwoTowerOptions.SectionName}:Dimension {dimension} cannot be shared by {options.Heads} heads; make it a multiple.");
        history = options.HistoryLength;
        reduce = options.ReducedPrecision == true;
        // Components of a unit vector are about 1/sqrt(dimension); the blocks want about 1.
        scale = Math.Sqrt(dimension);
        dropout = new DropoutMasks(options.AsForDenseLogs().Dropout!.Value, options.Seed);
        start = new Parameter(randn(dimension).Multiply(0.1));
        blocks = nn.ModuleList(Enumerable.Range(0, options.Blocks).Select(_ => new AttentionBlockModule(options, dropout)).ToArray());
        profile = nn.EmbeddingBag(ProfileBuckets.TableRows, dimension, mode: EmbeddingBagMode.Mean);
        norm = nn.LayerNorm(dimension);
        output = nn.Linear(dimension, dimension);
        using (no_grad())
        {
            profile.weight!.Multiply(0.1);
            using var same = eye(dimension);
            output.weight.Multiply(0.1).Increase(same);
        }
        RegisterComponents();
    }

    /// <param name="entries">Item vectors of the sequences, oldest first, padded at the end; [sequences, entries, dimension].</param>
    /// <param name="rows">Which of the sequences x (entries + 1) positions are wanted, int64 [rows].</param>
    /// <param name="buckets">Profile buckets of all rows, int64.</param>
    /// <param name="offsets">Where each row's buckets begin, int64 [rows].</param>
    /// <returns>[rows, dimension], L2-normalised, float32.</returns>
    public Tensor Forward(Tensor entries, Tensor rows, Tensor buckets, Tensor offsets)
    {
        var (sequences, dimension) = (entries.shape[0], entries.shape[2]);
        var type = reduce && training ? ScalarType.BFloat16 : ScalarType.Float32;
        var inputs = entries.Times(scale);
        if (training) inputs = dropout.Apply(inputs.to_type(type)).to_type(ScalarType.Float32);
        var x = cat([start.expand(sequences, 1, dimension), inputs], 1);
        var lags = AttentionBlockModule.LagTable(history, (int)x.shape[1]).Send(x.device);
        foreach (var block in blocks) x = block.Forward(x, lags);
        var wanted = x.view(-1, dimension).index_select(0, rows).Plus(profile.call(buckets, offsets));
        return nn.functional.normalize(ReducedPrecision.Apply(output, norm.call(wanted), type).to_type(ScalarType.Float32), 2, 1);
    }

    /// <summary>The weights under the names that <see cref="UserTower"/> reads.</summary>
    public Dictionary<string, WeightTensor> Export()
    {
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        using var scope = NewDisposeScope();
        foreach (var (name, value) in named_parameters())
            tensors[name] = new WeightTensor([.. value.shape.Select(s => (int)s)], value.detach().cpu().data<float>().ToArray());
        return tensors;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) dropout.Dispose();
        base.Dispose(disposing);
    }
}
