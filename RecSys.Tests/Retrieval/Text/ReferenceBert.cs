using RecSys.Core.Retrieval.Weights;

namespace RecSys.Tests.Retrieval.Text;

/// <summary>A BERT encoder in plain float64 loops, for one text without padding.</summary>
internal sealed class ReferenceBert(Dictionary<string, WeightTensor> tensors, int layers, int heads, Func<double, double> activation)
{
    public double[] Embed(int[] ids)
    {
        var hidden = tensors["embeddings.LayerNorm.bias"].Values.Length;
        var x = ids.Select((id, at) => Enumerable.Range(0, hidden).Select(h =>
            (double)Value("embeddings.word_embeddings", id, h) + Value("embeddings.position_embeddings", at, h)
                + Value("embeddings.token_type_embeddings", 0, h)).ToArray())
            .Select(row => Norm(row, "embeddings.LayerNorm")).ToArray();
        for (var layer = 0; layer < layers; layer++)
        {
            var name = $"encoder.layer.{layer}.";
            var attended = Attend(x, name + "attention.self.", hidden / heads);
            x = [.. x.Select((row, i) => Norm(
                Sum(row, Linear(attended[i], name + "attention.output.dense")), name + "attention.output.LayerNorm"))];
            x = [.. x.Select(row => Norm(Sum(
                row, Linear([.. Linear(row, name + "intermediate.dense").Select(activation)], name + "output.dense")), name
                + "output.LayerNorm"))];
        }
        var mean = Enumerable.Range(0, hidden).Select(h => x.Average(row => row[h])).ToArray();
        var length = Math.Sqrt(mean.Sum(v => v * v));
        return [.. mean.Select(v => v / length)];
    }

    private double[][] Attend(double[][] x, string name, int size)
    {
        var (q, k, v) = (All("query"), All("key"), All("value"));
        return [.. x.Select((_, i) => Enumerable.Range(0, heads).SelectMany(head =>
        {
            var part = Enumerable.Range(head * size, size);
            var weights = k.Select(key => Math.Exp(part.Sum(h => q[i][h] * key[h]) / Math.Sqrt(size))).ToArray();
            return part.Select(h => v.Select((value, j) => value[h] * weights[j]).Sum() / weights.Sum());
        }).ToArray())];

        double[][] All(string which) => [.. x.Select(row => Linear(row, name + which))];
    }

    private double[] Linear(double[] x, string name)
    {
        var (weight, bias) = (tensors[name + ".weight"].Values, tensors[name + ".bias"].Values);
        return [.. bias.Select((b, o) => b + x.Select((value, i) => value * weight[o * x.Length + i]).Sum())];
    }

    private double[] Norm(double[] x, string name)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-12);
        return [.. x.Select((v, i) => (v - mean) / deviation * tensors[name + ".weight"].Values[i] + tensors[name + ".bias"].Values[i])];
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private float Value(string name, int row, int column)
    {
        var table = tensors[name + ".weight"];
        return table.Values[row * table.Shape[1] + column];
    }
}
