using TorchSharp;
using TorchSharp.Modules;
using static RecSys.Core.Retrieval.TwoTower.KeptScalars;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019); vectors such as biases, gains and recency weights do not decay. TorchSharp's own passes numbers
/// that the garbage collector may free while libtorch still reads them, which ends a training now and then; here they live until the step
/// is over.
/// </summary>
internal sealed class TowerOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly double weightDecay;
    private readonly (Parameter Values, Tensor First, Tensor Second, bool Decays)[] parameters;
    private long steps;

    /// <param name="modules">On their device, which the moments share.</param>
    /// <param name="weightDecay">Decoupled, per unit of learning rate.</param>
    public TowerOptimizer(IReadOnlyList<nn.Module> modules, double weightDecay)
    {
        this.weightDecay = weightDecay;
        parameters = [.. modules.SelectMany(module => module.named_parameters()).Select(p => (p.parameter,
            zeros_like(p.parameter).DetachFromDisposeScope(), zeros_like(p.parameter).DetachFromDisposeScope(),
            p.parameter.dim() > 1 && p.name.EndsWith("weight", StringComparison.Ordinal)))];
    }

    /// <summary>Takes the gradients that the parameters hold; one without a gradient stays as it is.</summary>
    public void Step(double learningRate)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        steps++;
        using Scalar keepFirst = Keep(Beta1), addFirst = Keep(1 - Beta1), keepSecond = Keep(Beta2), addSecond = Keep(1 - Beta2);
        using Scalar epsilon = Keep(Epsilon), decay = Keep(1 - learningRate * weightDecay);
        using Scalar root = Keep(Math.Sqrt(1 - Math.Pow(Beta2, steps))), rate = Keep(-learningRate / (1 - Math.Pow(Beta1, steps)));
        foreach (var (values, first, second, decays) in parameters)
        {
            if (values.grad is not { } gradient) continue;
            if (decays) values.mul_(decay);
            first.mul_(keepFirst).add_(gradient, addFirst);
            second.mul_(keepSecond).addcmul_(gradient, gradient, addSecond);
            values.addcdiv_(first, second.sqrt().div_(root).Increase(epsilon), rate);
        }
    }

    public void Dispose()
    {
        foreach (var (_, first, second, _) in parameters)
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
