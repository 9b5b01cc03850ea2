using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Weights;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// The tensors of a <c>model.safetensors</c> by the names Hugging Face's BERT gives them, with or without the prefix <c>bert.</c> and with
/// the older names <c>gamma</c> and <c>beta</c>; heads and poolers are passed over.
/// </summary>
internal sealed class BertWeights
{
    private const string Prefix = "bert.";

    private readonly string path;
    private readonly Device device;
    private readonly Dictionary<string, WeightTensor> tensors;

    /// <exception cref="RecSysException">The file is missing or damaged, or holds values that are not finite.</exception>
    public BertWeights(string path, Device device)
    {
        (this.path, this.device) = (path, device);
        tensors = Safetensors.Read(path, IsEncoder);
    }

    /// <summary>The named tensor on the device, outside any dispose scope.</summary>
    /// <exception cref="RecSysException">It is missing or has another shape.</exception>
    public Tensor Take(string name, params int[] shape)
    {
        if (!tensors.Remove(name, out var found) && !tensors.Remove(Prefix + name, out found) && !tensors.Remove(Older(name), out found)
            && !tensors.Remove(Prefix + Older(name), out found))
        {
            throw new RecSysException($"'{path}' lacks the tensor '{name}': it is not the model that config.json describes. Take both "
                + "files from the same model.");
        }
        if (!found.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new RecSysException($"'{path}': '{name}' has shape [{string.Join(", ", found.Shape)}], expected "
                + $"[{string.Join(", ", shape)}] from config.json. "
                + "Take both files from the same model.");
        }
        using var values = tensor(found.Values, [.. shape.Select(size => (long)size)]);
        return values.to(device, copy: true).DetachFromDisposeScope();
    }

    private static bool IsEncoder(string name)
    {
        var bare = name.StartsWith(Prefix, StringComparison.Ordinal) ? name.AsSpan(Prefix.Length) : name;
        return (bare.StartsWith("embeddings.", StringComparison.Ordinal) && !bare.EndsWith("_ids", StringComparison.Ordinal))
            || bare.StartsWith("encoder.layer.", StringComparison.Ordinal);
    }

    private static string Older(string name) => name
        .Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal)
        .Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);
}
