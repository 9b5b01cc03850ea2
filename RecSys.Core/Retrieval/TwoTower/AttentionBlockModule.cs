using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// One pre-norm transformer block, causal, with a learnt attention bias per head and lag in place of position embeddings: what is
/// learnt about "the entry before the last" holds at every place of a sequence.
/// </summary>
internal sealed class AttentionBlockModule : nn.Module
{
    private readonly int heads;
    private readonly int history;
    private readonly bool reduce;
    private readonly DropoutMasks dropout;
    private readonly LayerNorm norm;
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Linear merge;
    private readonly Parameter recency;
    private readonly LayerNorm innerNorm;
    private readonly Linear inner;
    private readonly Linear outer;

    public AttentionBlockModule(TwoTowerOptions options, DropoutMasks dropout) : base("block")
    {
        (heads, history, reduce, this.dropout) = (options.Heads, options.HistoryLength, options.ReducedPrecision == true, dropout);
        var dimension = options.Dimension;
        norm = nn.LayerNorm(dimension);
        query = nn.Linear(dimension, dimension);
        key = nn.Linear(dimension, dimension);
        value = nn.Linear(dimension, dimension);
        merge = nn.Linear(dimension, dimension);
        recency = new Parameter(InitialRecency(heads, history));
        innerNorm = nn.LayerNorm(dimension);
        inner = nn.Linear(dimension, options.Hidden);
        outer = nn.Linear(options.Hidden, dimension);
        using (no_grad())
        {
            // The first step sees a mean of the history with recency weights, which is a good recommender already.
            using var same = eye(dimension);
            foreach (var layer in (Linear[])[value, merge]) layer.weight.Multiply(0.1).Increase(same);
            foreach (var layer in (Linear[])[query, key, outer]) layer.weight.Multiply(0.3);
        }
        RegisterComponents();
    }

    /// <param name="x">Start vector and entries of the sequences, [sequences, width, dimension], float32.</param>
    /// <param name="lags">From <see cref="LagTable"/>, for the same width.</param>
    /// <returns>As <paramref name="x"/>.</returns>
    public Tensor Forward(Tensor x, Tensor lags)
    {
        var type = reduce && training ? ScalarType.BFloat16 : ScalarType.Float32;
        var (sequences, width, dimension) = (x.shape[0], x.shape[1], x.shape[2]);
        var flat = x.view(-1, dimension);
        var normed = norm.call(flat).to_type(type);
        var scores = matmul(Split(query).Times(1 / Math.Sqrt(dimension / (double)heads)), Split(key).transpose(2, 3)).to_type(
            ScalarType.Float32);
        // The logarithm of 0 hides what must not be seen.
        var bias = cat([recency, zeros(heads, 1, device: x.device).log_()], 1).index_select(1, lags).view(1, heads, width, width);
        var weights = nn.functional.softmax(scores.Plus(bias), 3).to_type(type);
        var seen = matmul(weights, Split(value)).transpose(1, 2).reshape(-1, dimension);
        flat = flat.Plus(Drop(ReducedPrecision.Apply(merge, seen, type)));

        var hidden = Drop(nn.functional.relu(ReducedPrecision.Apply(inner, innerNorm.call(flat), type)));
        flat = flat.Plus(Drop(ReducedPrecision.Apply(outer, hidden, type)));
        return flat.view(x.shape);

        // [sequences, heads, width, dimension / heads]
        Tensor Split(Linear layer) => ReducedPrecision.Apply(layer, normed, type).view(sequences, width, heads, -1).transpose(1, 2);
    }

    /// <summary>
    /// Columns of the bias table for each pair of query and key, int64 [width x width]: the lag (0 for the query's own entry) up to
    /// <paramref name="history"/> - 1, <paramref name="history"/> for the start vector, one more where the query must not look.
    /// </summary>
    public static Tensor LagTable(int history, int width)
    {
        var table = new long[width * width];
        for (var q = 0; q < width; q++)
        {
            table[q * width] = history;
            for (var k = 1; k < width; k++) table[q * width + k] = k <= q ? q - k : history + 1;
        }
        return tensor(table);
    }

    private Tensor Drop(Tensor x) => training ? dropout.Apply(x) : x;

    // From a steep preference of the last entries to none.
    private static Tensor InitialRecency(int heads, int history)
    {
        var values = new float[heads * (history + 1)];
        for (var head = 0; head < heads; head++)
        {
            var rate = head == heads - 1 ? 0 : 0.5 * Math.Pow(0.25, head);
            for (var lag = 0; lag < history; lag++) values[head * (history + 1) + lag] = (float)(-rate * lag);
        }
        return tensor(values, [heads, history + 1]);
    }
}
