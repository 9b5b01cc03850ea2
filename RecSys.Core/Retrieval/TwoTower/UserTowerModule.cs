using RecSys.Core.Retrieval.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Training form of <see cref="UserTower"/>. A chunk of a user's sequence gives all its targets at once: pooling with one weight per lag
/// is a banded matrix times the chunk's item vectors, and the band holds only lags from 1 up, so a target never sees itself or what follows.
/// </summary>
internal sealed class UserTowerModule : nn.Module
{
    private readonly int heads;
    private readonly int history;
    private readonly int targets;
    private readonly float scale;
    private readonly Tensor lags;
    private readonly Parameter recency;
    private readonly Parameter mix;
    private readonly EmbeddingBag profile;
    private readonly Linear hidden;
    private readonly Linear output;
    private readonly Dropout dropout;
    private readonly bool reduce;

    /// <param name="options">Sizes.</param>
    /// <param name="targets">Targets per chunk.</param>
    public UserTowerModule(TwoTowerOptions options, int targets) : base("user")
    {
        (heads, history, this.targets) = (options.Heads, options.HistoryLength, targets);
        var dimension = options.Dimension;
        reduce = options.UsesReducedPrecision;
        // Components of a unit vector are about 1/sqrt(dimension); the hidden layer wants about 1.
        scale = MathF.Sqrt(dimension);
        lags = LagTable(history, targets);
        recency = new Parameter(InitialRecency(heads, history));
        mix = new Parameter(full(heads, 1f / heads));
        profile = nn.EmbeddingBag(ProfileBuckets.TableRows, dimension, mode: EmbeddingBagMode.Mean);
        hidden = nn.Linear((heads + 1) * dimension, options.Hidden);
        output = nn.Linear(options.Hidden, dimension);
        dropout = nn.Dropout(options.Dropout);
        using (no_grad())
        {
            output.weight.mul_(0.1);
            profile.weight!.mul_(0.05);
        }
        RegisterComponents();
    }

    /// <summary>Columns of a chunk: the history of its first target, and all targets but the last.</summary>
    public static int Width(int history, int targets) => history + targets - 1;

    /// <param name="entries">Item vectors of the chunks, oldest first, zero where there is none; [chunks, width, dimension].</param>
    /// <param name="present">1 where there is an entry, [chunks, width].</param>
    /// <param name="rows">Which of the chunks x targets positions are real targets, int64 [rows].</param>
    /// <param name="buckets">Profile buckets of all rows, int64.</param>
    /// <param name="offsets">Where each row's buckets begin, int64 [rows].</param>
    /// <returns>[rows, dimension], L2-normalised.</returns>
    public Tensor Forward(Tensor entries, Tensor present, Tensor rows, Tensor buckets, Tensor offsets)
    {
        var chunks = entries.shape[0];
        var dimension = entries.shape[2];
        var band = cat([zeros(heads, 1), recency.exp()], 1).index_select(1, lags).view(heads * targets, -1).to_type(entries.dtype);
        // One product for all chunks side by side is twice as fast as a batch of small ones.
        var sums = mm(band, entries.permute(1, 0, 2).reshape(-1, chunks * dimension)).view(heads, targets, chunks, dimension);
        var weights = mm(band, present.t()).view(heads, targets, chunks, 1);
        var pooled = Select(sums) / Select(weights).clamp_min(1e-12);
        var who = profile.call(buckets, offsets);

        // [heads, targets, chunks, any] to [rows, heads, any], float32.
        Tensor Select(Tensor x) => x.permute(2, 1, 0, 3).reshape(chunks * targets, heads, -1).index_select(0, rows).to_type(ScalarType.Float32);

        var mean = (pooled * mix.unsqueeze(-1)).sum(1);
        var x = cat([pooled.flatten(1) * scale, who], 1);
        var refined = Refine(x);
        return nn.functional.normalize(mean * scale + refined, 2, 1);
    }

    private Tensor Refine(Tensor x)
    {
        var inner = dropout.call(nn.functional.silu(ReducedPrecision.Apply(hidden, x, reduce && training)));
        return ReducedPrecision.Apply(output, inner, reduce && training);
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

    // Entry [t, c] is the lag of column c as seen from target t, or 0 (a weight of zero) where the target must not look.
    private static Tensor LagTable(int history, int targets)
    {
        var width = Width(history, targets);
        var table = new long[targets * width];
        for (var t = 0; t < targets; t++)
        {
            for (var c = 0; c < width; c++)
            {
                var lag = history + t - c;
                if (lag >= 1 && lag <= history) table[t * width + c] = lag;
            }
        }
        return tensor(table);
    }

    // Logarithms of weights for lags 1, 2, ...: from "almost only the last entry" to a plain mean.
    private static Tensor InitialRecency(int heads, int history)
    {
        var values = new float[heads * history];
        for (var head = 0; head < heads; head++)
        {
            var rate = head == heads - 1 ? 0 : 1.5 * Math.Pow(0.25, head);
            for (var lag = 0; lag < history; lag++) values[head * history + lag] = (float)(-rate * lag);
        }
        return tensor(values, [heads, history]);
    }
}
