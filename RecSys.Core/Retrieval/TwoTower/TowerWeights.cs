using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Weights;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>The tensors of a tower's file by name, with the shape that each must have.</summary>
/// <param name="tensors">As read from the file.</param>
/// <param name="tower">What messages call it.</param>
internal sealed class TowerWeights(Dictionary<string, WeightTensor> tensors, string tower = "user tower")
{
    /// <summary>True when any tensor's name begins so.</summary>
    public bool HasPart(string prefix) => tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));

    public void Save(string path) => Safetensors.Write(path, tensors);

    /// <exception cref="RecSysException">There is no such tensor, or it has not <paramref name="rank"/> dimensions of 1 to
    /// 65,536.</exception>
    public int[] Shape(string name, int rank)
    {
        var shape = Find(name).Shape;
        return shape.Length == rank && shape.All(size => size is >= 1 and <= 65536) ? shape : throw Unfit(name);
    }

    /// <summary>Number of values of a list, 0 to 65,536.</summary>
    /// <exception cref="RecSysException">There is no such tensor, or it is no list of such a length.</exception>
    public int Length(string name) => Find(name).Shape is [<= 65536 and var length] ? length : throw Unfit(name);

    /// <exception cref="RecSysException">There is no such tensor, it has another shape, or it holds a value that is not finite.</exception>
    public float[] Values(string name, params ReadOnlySpan<int> shape)
    {
        var tensor = Find(name);
        if (!tensor.Shape.AsSpan().SequenceEqual(shape)) throw Unfit(name);
        foreach (var value in tensor.Values)
        {
            if (!float.IsFinite(value))
                throw new RecSysException($"The {tower}'s tensor '{name}' holds a value that is not finite. Rebuild the model.");
        }
        return tensor.Values;
    }

    /// <summary>Reads <c>name.weight</c> [outputs, inputs] and <c>name.bias</c>.</summary>
    public DenseLayer Dense(string name, int inputs, int outputs) =>
        new(Values($"{name}.weight", outputs, inputs), Values($"{name}.bias", outputs));

    /// <summary>Reads <c>name.weight</c> and <c>name.bias</c>.</summary>
    public NormLayer Norm(string name, int size) => new(Values($"{name}.weight", size), Values($"{name}.bias", size));

    private WeightTensor Find(string name) => tensors.TryGetValue(name, out var tensor) ? tensor
        : throw new RecSysException($"The {tower}'s file has no tensor '{name}'. Rebuild the model.");

    private RecSysException Unfit(string name) =>
        new($"The {tower}'s tensor '{name}' has shape [{string.Join(", ", Find(name).Shape)}], which does not fit the others. Rebuild "
            + "the model.");
}
