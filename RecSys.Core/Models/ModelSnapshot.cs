namespace RecSys.Core.Models;

/// <summary>A model with the number of its users: the host itself and every lease. The last to go disposes the model.</summary>
internal sealed class ModelSnapshot<T>(T model)
    where T : class, IDisposable
{
    private int users = 1;

    public T Model => model;

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
