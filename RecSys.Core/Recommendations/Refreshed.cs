using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>
/// A value that requests read and never compute: it stays as it is until the next refresh has finished, and longer when that one fails.
/// </summary>
/// <param name="compute">Makes a new value.</param>
/// <param name="initial">What there is before the first refresh.</param>
internal sealed class Refreshed<T>(Func<ServingWorld, CancellationToken, T> compute, T initial) where T : class
{
    private volatile T current = initial;

    public T Current => current;

    public void Refresh(ServingWorld world, CancellationToken cancellationToken) => current = compute(world, cancellationToken);
}
