using TorchSharp;
using static RecSys.Core.Retrieval.TwoTower.KeptScalars;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// A table whose rows are trained with Adam (Kingma and Ba, 2015), touching only the rows that a step used; so a step costs the
/// same however large the catalogue is. Moments of unused rows do not decay.
/// </summary>
internal sealed class RowAdam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly Tensor table;
    private readonly Tensor first;
    private readonly Tensor second;
    private long steps;

    /// <param name="table">[rows, columns]; disposed with this. Rows and gradients must be on its device.</param>
    public RowAdam(Tensor table)
    {
        this.table = table.DetachFromDisposeScope();
        first = zeros_like(table).DetachFromDisposeScope();
        second = zeros_like(table).DetachFromDisposeScope();
    }

    /// <summary>A copy of the rows that collects a gradient.</summary>
    public Tensor Rows(Tensor rows) => table.index_select(0, rows).requires_grad_();

    public void Step(Tensor rows, Tensor gradient, double learningRate)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        steps++;
        // Held to the end: a scalar made in passing may be finalised while the native call reads it.
        using Scalar keepFirst = Keep(Beta1), addFirst = Keep(1 - Beta1), keepSecond = Keep(Beta2), addSecond = Keep(1 - Beta2);
        using Scalar epsilon = Keep(Epsilon);
        using Scalar rate = Keep(-learningRate * Math.Sqrt(1 - Math.Pow(Beta2, steps)) / (1 - Math.Pow(Beta1, steps)));
        var m = first.index_select(0, rows).mul_(keepFirst).add_(gradient, alpha: addFirst);
        var v = second.index_select(0, rows).mul_(keepSecond).addcmul_(gradient, gradient, value: addSecond);
        first.index_copy_(0, rows, m);
        second.index_copy_(0, rows, v);
        table.index_add_(0, rows, m.div_(v.sqrt_().Increase(epsilon)), alpha: rate);
    }

    public void Dispose()
    {
        table.Dispose();
        first.Dispose();
        second.Dispose();
    }
}
