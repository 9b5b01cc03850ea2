using RecSys.Core.Retrieval.TwoTower;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.Text;

/// <summary>The encoder of Devlin et al. 2018 (layer norm behind each residual), without dropout: it only infers.</summary>
internal sealed class BertNetwork : IDisposable
{
    private readonly BertConfig config;
    private readonly List<Tensor> owned = [];
    private readonly Tensor words;
    private readonly Tensor places;
    private readonly Norm norm;
    private readonly Block[] blocks;

    /// <exception cref="Domain.RecSysException">A tensor is missing or has the wrong shape.</exception>
    public BertNetwork(BertConfig config, BertWeights weights)
    {
        this.config = config;
        try
        {
            words = Own(weights.Take("embeddings.word_embeddings.weight", config.Vocabulary, config.Hidden));
            using var positions = weights.Take("embeddings.position_embeddings.weight", config.Positions, config.Hidden);
            using var types = weights.Take("embeddings.token_type_embeddings.weight", config.TokenTypes, config.Hidden);
            // A single text is all of type 0, so its vector joins every position.
            places = Own(positions.Plus(types[0]).DetachFromDisposeScope());
            norm = TakeNorm(weights, "embeddings.LayerNorm");
            blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => TakeBlock(weights, $"encoder.layer.{layer}."))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Mean over the real tokens of the last layer, L2-normalised.</summary>
    /// <param name="ids">Token ids, int64 [texts, length].</param>
    /// <param name="real">True where a token is real and not padding, bool [texts, length]; at least one per text.</param>
    /// <returns>float32 [texts, hidden].</returns>
    public Tensor Embed(Tensor ids, Tensor real)
    {
        var looked = words.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], config.Hidden);
        var x = norm.Apply(looked.Plus(places.narrow(0, 0, ids.shape[1])), config.NormEpsilon);
        var mask = real.unsqueeze(1).unsqueeze(1);
        foreach (var block in blocks)
        {
            x = block.AttentionNorm.Apply(
                x.Plus(block.AttentionOut.Apply(Attend(block.Projections.Apply(x), mask))), config.NormEpsilon);
            x = block.OutNorm.Apply(x.Plus(block.Out.Apply(Activate(block.Inner.Apply(x)))), config.NormEpsilon);
        }
        var weights = real.to_type(x.dtype).unsqueeze(-1);
        return nn.functional.normalize((x * weights).sum(1) / weights.sum(1), 2, 1);
    }

    public void Dispose()
    {
        foreach (var tensor in owned) tensor.Dispose();
        owned.Clear();
    }

    // [texts, length, 3 hidden] to [texts, length, hidden].
    private Tensor Attend(Tensor projections, Tensor mask)
    {
        var (texts, length) = (projections.shape[0], projections.shape[1]);
        var parts = projections.view(texts, length, 3, config.Heads, config.Hidden / config.Heads).permute(2, 0, 3, 1, 4);
        var mixed = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], mask);
        return mixed.transpose(1, 2).reshape(texts, length, config.Hidden);
    }

    private Tensor Activate(Tensor x) => config.Activation switch
    {
        BertActivation.Relu => x.relu(),
        BertActivation.GeluTanh => x.Times(0.5) * x.Plus(x.Power(3).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI)).tanh().Plus(1.0),
        _ => nn.functional.gelu(x),
    };

    private Tensor Own(Tensor tensor)
    {
        owned.Add(tensor);
        return tensor;
    }

    private Norm TakeNorm(BertWeights weights, string name) =>
        new(Own(weights.Take(name + ".weight", config.Hidden)), Own(weights.Take(name + ".bias", config.Hidden)));

    private Dense TakeDense(BertWeights weights, string name, int from, int to) =>
        new(Own(weights.Take(name + ".weight", to, from)), Own(weights.Take(name + ".bias", to)));

    private Block TakeBlock(BertWeights weights, string name) => new(
        TakeProjections(weights, name + "attention.self."),
        TakeDense(weights, name + "attention.output.dense", config.Hidden, config.Hidden),
        TakeNorm(weights, name + "attention.output.LayerNorm"),
        TakeDense(weights, name + "intermediate.dense", config.Hidden, config.Intermediate),
        TakeDense(weights, name + "output.dense", config.Intermediate, config.Hidden),
        TakeNorm(weights, name + "output.LayerNorm"));

    // Query, key and value read the same input: one product instead of three.
    private Dense TakeProjections(BertWeights weights, string name)
    {
        using var scope = NewDisposeScope();
        Tensor Stack(string part, params int[] shape) =>
            cat([.. new[] { "query", "key", "value" }.Select(which => weights.Take(name + which + part, shape).MoveToOuterDisposeScope())],
                0);

        var projections = new Dense(Stack(".weight", config.Hidden, config.Hidden), Stack(".bias", config.Hidden));
        Own(projections.Weight.DetachFromDisposeScope());
        Own(projections.Bias.DetachFromDisposeScope());
        return projections;
    }

    private readonly record struct Dense(Tensor Weight, Tensor Bias)
    {
        public Tensor Apply(Tensor x) => nn.functional.linear(x, Weight, Bias);
    }

    private readonly record struct Norm(Tensor Weight, Tensor Bias)
    {
        public Tensor Apply(Tensor x, double epsilon) => nn.functional.layer_norm(x, [x.shape[^1]], Weight, Bias, epsilon);
    }

    private sealed record Block(Dense Projections, Dense AttentionOut, Norm AttentionNorm, Dense Inner, Dense Out, Norm OutNorm);
}
