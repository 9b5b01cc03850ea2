namespace RecSys.Tests.Models;

/// <summary>A model that knows whether it was given up, and refuses to be used then.</summary>
internal sealed class Probe(int number) : IDisposable
{
    private int disposals;

    public int Disposals => Volatile.Read(ref disposals);

    public int Use()
    {
        ObjectDisposedException.ThrowIf(Disposals > 0, this);
        return number;
    }

    public void Dispose() => Interlocked.Increment(ref disposals);
}
