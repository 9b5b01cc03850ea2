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
        var m = first.index_select(0, rows).mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
        var v = second.index_select(0, rows).mul_(Beta2).addcmul_(gradient, gradient, value: 1 - Beta2);
        first.index_copy_(0, rows, m);
        second.index_copy_(0, rows, v);
        var rate = learningRate * Math.Sqrt(1 - Math.Pow(Beta2, steps)) / (1 - Math.Pow(Beta1, steps));
        table.index_add_(0, rows, m.div_(v.sqrt_().add_(Epsilon)), alpha: -rate);
    }

    public void Dispose()
    {
        table.Dispose();
        first.Dispose();
        second.Dispose();
    }
}
