namespace RecSys.Core.Models;

/// <summary>
/// Holds the model that serves and exchanges it under load. A request takes one lease and sees one model to its end; a replaced model
/// is disposed exactly once, by whoever returns its last lease.
/// </summary>
public sealed class ModelHost<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Lock swapping = new();
    private ModelSnapshot<T>? current;
    private bool disposed;

    /// <summary>Starts without a model.</summary>
    public ModelHost()
    {
    }

    /// <summary>Starts with a model, which the host owns from now on.</summary>
    public ModelHost(T model) => current = new ModelSnapshot<T>(model);

    /// <summary>True when a lease can be taken.</summary>
    public bool HasModel => Volatile.Read(ref current) is not null;

    /// <summary>Takes a lease on the model that serves now. Allocates nothing and never waits.</summary>
    /// <exception cref="InvalidOperationException">There is no model yet.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed.</exception>
    public ModelLease<T> Acquire()
    {
        if (TryAcquire(out var lease)) return lease;
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed), this);
        throw new InvalidOperationException("No model has been loaded yet; wait for readiness before serving.");
    }

    /// <summary>Takes a lease when there is a model.</summary>
    public bool TryAcquire(out ModelLease<T> lease)
    {
        while (Volatile.Read(ref current) is { } snapshot)
        {
            // A failed entry means the snapshot was replaced and drained since it was read, so there is a newer one.
            if (!snapshot.TryEnter()) continue;
            lease = new ModelLease<T>(snapshot);
            return true;
        }
        lease = default;
        return false;
    }

    /// <summary>Lets <paramref name="next"/> serve from now on. Leases on the old model stay good; the host owns the new one.</summary>
    /// <exception cref="ObjectDisposedException">The host was disposed; <paramref name="next"/> has been disposed, too.</exception>
    public void Swap(T next)
    {
        ModelSnapshot<T>? old;
        lock (swapping)
        {
            if (disposed)
            {
                next.Dispose();
                throw new ObjectDisposedException(nameof(ModelHost<>));
            }
            old = Interlocked.Exchange(ref current, new ModelSnapshot<T>(next));
        }
        old?.Release();
    }

    /// <summary>No further leases; the model goes with its last lease.</summary>
    public void Dispose()
    {
        ModelSnapshot<T>? old;
        lock (swapping)
        {
            Volatile.Write(ref disposed, true);
            old = Interlocked.Exchange(ref current, null);
        }
        old?.Release();
    }
}
