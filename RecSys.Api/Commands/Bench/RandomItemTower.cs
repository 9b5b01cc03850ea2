using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.Weights;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// An item tower with the shape that training would give it and random weights: of its embeddings speed means something, and nearness
/// nothing.
/// </summary>
internal static class RandomItemTower
{
    /// <param name="seed">Of the weights.</param>
    /// <param name="dimension">Floats per embedding.</param>
    /// <param name="hidden">Width of the hidden layer.</param>
    /// <param name="every">1: all table rows count; 2: every second, and so on.</param>
    /// <param name="textDimension">Floats of the text embedding; 0: none.</param>
    public static ItemTower Create(int seed, int dimension, int hidden, int every = 1, int textDimension = 0)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, ItemContentScheme.TableRows / every).Select(row => (float)(row * every)).ToArray();
        var tensors = new Dictionary<string, WeightTensor>
        {
            ["content.layout"] = new([4], [1, ItemContentScheme.FieldRows, ItemContentScheme.TextRows, ItemContentScheme.MaxTextRows]),
            ["content.now"] = new([3], [20_000, 0, 0]),
            ["content.mean"] = new([3], [2, 5, 4]),
            ["content.scale"] = new([3], [1, 1, 1]),
            ["content.rows"] = new([rows.Length], rows),
        };
        for (var number = 0; number < 3; number++)
            tensors[$"content.bands.{number}"] =
                new([ItemContentScheme.Bands - 1], [.. Enumerable.Range(0, ItemContentScheme.Bands - 1).Select(band => band * 0.5f)]);
        Make("content.table", rows.Length, dimension);
        Make("unknown", 1, dimension);
        Make("number.weight", dimension, ItemContentScheme.NumberCount);
        if (textDimension > 0)
        {
            Make("text.weight", dimension, textDimension);
            Make("text.mean", textDimension);
            tensors["text.scale"] = new([1], [3]);
        }
        Make("norm.weight", dimension);
        Make("norm.bias", dimension);
        Make("hidden.weight", hidden, dimension);
        Make("hidden.bias", hidden);
        Make("output.weight", dimension, hidden);
        Make("output.bias", dimension);
        return new ItemTower(tensors);

        void Make(string name, params int[] shape)
        {
            var values = new float[shape.Aggregate(1, (a, b) => a * b)];
            for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() - 0.5f;
            tensors[name] = new WeightTensor(shape, values);
        }
    }
}
