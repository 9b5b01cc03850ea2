namespace RecSys.Core.Models;

/// <summary>The right to use one model until it is disposed. Take one per request, dispose it exactly once, never copy it.</summary>
public struct ModelLease<T> : IDisposable, IEquatable<ModelLease<T>>
    where T : class, IDisposable
{
    private PooledEntry<T>? entry;

    internal ModelLease(PooledEntry<T> entry) => this.entry = entry;

    /// <exception cref="ObjectDisposedException">The lease was returned or never taken.</exception>
    public readonly T Model =>
        entry?.Model ?? throw new ObjectDisposedException(nameof(ModelLease<>), "The lease was returned; take a new one per request.");

    public void Dispose() => Interlocked.Exchange(ref entry, null)?.Release();

    public readonly bool Equals(ModelLease<T> other) => ReferenceEquals(entry, other.entry);

    public override readonly bool Equals(object? obj) => obj is ModelLease<T> other && Equals(other);

    public override readonly int GetHashCode() => entry?.GetHashCode() ?? 0;

    public static bool operator ==(ModelLease<T> left, ModelLease<T> right) => left.Equals(right);

    public static bool operator !=(ModelLease<T> left, ModelLease<T> right) => !left.Equals(right);
}
