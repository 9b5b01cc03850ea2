namespace RecSys.Core.Models;

/// <summary>The right to use one model until it is disposed. Take one per request, dispose it exactly once, never copy it.</summary>
public struct ModelLease<T> : IDisposable, IEquatable<ModelLease<T>>
    where T : class, IDisposable
{
    private ModelSnapshot<T>? snapshot;

    internal ModelLease(ModelSnapshot<T> snapshot) => this.snapshot = snapshot;

    /// <exception cref="ObjectDisposedException">The lease was returned or never taken.</exception>
    public readonly T Model => snapshot?.Model ?? throw new ObjectDisposedException(nameof(ModelLease<>), "The lease was returned; take a new one per request.");

    public void Dispose() => Interlocked.Exchange(ref snapshot, null)?.Release();

    public readonly bool Equals(ModelLease<T> other) => ReferenceEquals(snapshot, other.snapshot);

    public override readonly bool Equals(object? obj) => obj is ModelLease<T> other && Equals(other);

    public override readonly int GetHashCode() => snapshot?.GetHashCode() ?? 0;

    public static bool operator ==(ModelLease<T> left, ModelLease<T> right) => left.Equals(right);

    public static bool operator !=(ModelLease<T> left, ModelLease<T> right) => !left.Equals(right);
}
