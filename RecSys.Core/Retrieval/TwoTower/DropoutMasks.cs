using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Dropout whose masks are read from random places of one long table of draws. libtorch draws random numbers on one thread, which would
/// cost more than the layers whose output is dropped.
/// </summary>
internal sealed class DropoutMasks(double rate, int seed) : IDisposable
{
    private const long LeastSize = 1 << 22;

    private readonly Random places = new(seed);
    private Tensor? table;

    /// <summary>Sets a share of the values to zero and scales the others up so that the mean stays.</summary>
    public Tensor Apply(Tensor x)
    {
        if (rate <= 0) return x;
        var count = x.numel();
        // Several times the size of a mask: masks of one step overlap rarely, and at unrelated places.
        if (table is null || table.numel() < 2 * count || table.dtype != x.dtype) Draw(Math.Max(LeastSize, 4 * count), x);
        return x * table!.narrow(0, places.NextInt64(table.numel() - count), count).view(x.shape);
    }

    public void Dispose() => table?.Dispose();

    private void Draw(long size, Tensor like)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        table?.Dispose();
        table = rand(size, device: like.device).IsAtLeast(rate).to_type(ScalarType.Float32).Divide(1 - rate).to_type(
            like.dtype).DetachFromDisposeScope();
    }
}
