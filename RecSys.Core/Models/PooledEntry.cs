namespace RecSys.Core.Models;

/// <summary>A model of the pool with the number of its users: the pool itself and every lease. The last to go disposes the model.</summary>
internal sealed class PooledEntry<T>(string version, T model, long bytes)
    where T : class, IDisposable
{
    private int users = 1;

    public string Version => version;
    public T Model => model;

    /// <summary>What the model is reckoned to take.</summary>
    public long Bytes => bytes;

    /// <summary>When it took the state that it has. The pool's lock guards it.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Leases, and one for the pool as long as it holds the model; zero once the model is gone.</summary>
    public int Users => Volatile.Read(ref users);

    /// <summary>False when the model is already gone: a count that reached zero never rises again.</summary>
    public bool TryEnter()
    {
        var seen = Volatile.Read(ref users);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref users, seen + 1, seen);
            if (before == seen) return true;
            seen = before;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref users) == 0) model.Dispose();
    }
}
