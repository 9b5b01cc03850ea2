using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.Weights;

namespace RecSys.Api.Commands.Bench;

/// <summary>A user tower with the shape that training would give it and random weights.</summary>
internal static class RandomUserTower
{
    /// <param name="seed">Of the weights, which are uniform from -<paramref name="range"/> to <paramref name="range"/>.</param>
    /// <param name="dimension">Floats per embedding.</param>
    /// <param name="heads">Attention heads; they divide the dimension.</param>
    /// <param name="blocks">Attention blocks.</param>
    /// <param name="history">Items looked at.</param>
    /// <param name="hidden">Width of the feed-forward layers.</param>
    /// <param name="range">Largest weight.</param>
    public static UserTower Create(int seed, int dimension, int heads, int blocks, int history, int hidden, float range = 0.5f) =>
        new(Tensors(seed, dimension, heads, blocks, history, hidden, range));

    /// <summary>
    /// The same with small weights around the identity: what comes out lies near the latest item, pushed aside by the rest of the history
    /// and the profile.
    /// </summary>
    public static UserTower CreateNearLatest(int seed, int dimension, int heads, int blocks, int history, int hidden)
    {
        var tensors = Tensors(seed, dimension, heads, blocks, history, hidden, range: 0.05f);
        foreach (var (name, tensor) in tensors)
        {
            if (name.EndsWith("orm.weight", StringComparison.Ordinal)) Array.Fill(tensor.Values, 1);
        }
        for (var i = 0; i < dimension; i++) tensors["output.weight"].Values[i * dimension + i] += 1;
        return new UserTower(tensors);
    }

    private static Dictionary<string,
        WeightTensor> Tensors(int seed, int dimension, int heads, int blocks, int history, int hidden, float range)
    {
        var random = new Random(seed);
        var tensors = new Dictionary<string, WeightTensor>();
        Make("start", dimension);
        Make("profile.weight", ProfileBuckets.TableRows, dimension);
        for (var block = 0; block < blocks; block++)
        {
            var name = $"blocks.{block}";
            Make($"{name}.recency", heads, history + 1);
            foreach (var layer in (string[])["query", "key", "value", "merge"]) Dense($"{name}.{layer}", dimension, dimension);
            Dense($"{name}.inner", dimension, hidden);
            Dense($"{name}.outer", hidden, dimension);
            Norm($"{name}.norm");
            Norm($"{name}.innerNorm");
        }
        Dense("output", dimension, dimension);
        Norm("norm");
        return tensors;

        void Make(string name, params int[] shape) => tensors[name] =
            new WeightTensor(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(
                _ => (random.NextSingle() - 0.5f) * 2 * range)]);

        void Dense(string name, int inputs, int outputs)
        {
            Make($"{name}.weight", outputs, inputs);
            Make($"{name}.bias", outputs);
        }

        void Norm(string name)
        {
            Make($"{name}.weight", dimension);
            Make($"{name}.bias", dimension);
        }
    }
}
