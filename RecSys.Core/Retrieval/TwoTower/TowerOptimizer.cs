using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>AdamW (Loshchilov and Hutter, 2019); vectors such as biases, gains and recency weights do not decay.</summary>
internal static class TowerOptimizer
{
    public static optim.Optimizer Create(IReadOnlyList<nn.Module> modules, TwoTowerOptions options)
    {
        var all = modules.SelectMany(m => m.named_parameters()).ToArray();
        var decays = all.ToLookup(p => p.parameter.dim() > 1 && p.name.EndsWith("weight", StringComparison.Ordinal), p => p.parameter);
        return new AdamW(
        [
            new AdamW.ParamGroup(decays[true], options.LearningRate, weight_decay: options.WeightDecay),
            new AdamW.ParamGroup(decays[false], options.LearningRate, weight_decay: 0),
        ], options.LearningRate);
    }
}
