using System.Threading.RateLimiting;
using RecSys.Core.Events;

namespace RecSys.Api.Hosting.Limits;

/// <summary>
/// How much is worked on at once, per class: beyond what processors or disk can do at the same time, requests wait in a short queue, and
/// when that is full they are refused at once. So an overloaded server goes on answering as many requests as it can, and quickly. One
/// client alone gets at most three quarters of the places, so that others find some however many connections it opens.
/// </summary>
internal sealed class LoadShedder : IServedRequests, IDisposable
{
    private const int FewPlaces = 32;

    private readonly ConcurrencyLimiter?[] limiters;
    private readonly int[] shares;
    private long served;

    public LoadShedder(LimitOptions options)
    {
        limiters = [.. Enum.GetValues<OperationClass>().Select(operation => options.Of(operation) is not { } limits
        ? null
        : new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = limits.EffectiveConcurrency(),
            QueueLimit = limits.Queue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }))];
        shares = [.. Enum.GetValues<OperationClass>().Select(operation => options.Of(operation) is { } limits
            ? ShareOf(limits.EffectiveConcurrency(), limits.Queue)
            : int.MaxValue)];
    }

    /// <inheritdoc/>
    public long Served => Volatile.Read(ref served);

    /// <summary>Places that one client may take.</summary>
    public int ShareOf(OperationClass operation) => shares[(int)operation];

    /// <summary>A turn, given back by disposal; not acquired when the queue is full. Null for a class without limits.</summary>
    public ValueTask<RateLimitLease?> EnterAsync(OperationClass operation, CancellationToken cancellationToken)
    {
        if (operation == OperationClass.Recommend) Interlocked.Increment(ref served);
        if (limiters[(int)operation] is not { } limiter) return ValueTask.FromResult<RateLimitLease?>(null);
        var lease = limiter.AttemptAcquire();
        return lease.IsAcquired ? ValueTask.FromResult<RateLimitLease?>(lease) : WaitAsync(limiter, cancellationToken);
    }

    // Of many places three quarters, so that some are free however long the client takes; of few also most of the queue, since work in
    // them is short.
    private static int ShareOf(int places, int queue) =>
        Math.Max(1, Math.Min((places + queue) * 3 / 4, Math.Max(places * 3 / 4, FewPlaces)));

    public void Dispose()
    {
        foreach (var limiter in limiters) limiter?.Dispose();
    }

    private static async ValueTask<RateLimitLease?> WaitAsync(ConcurrencyLimiter limiter, CancellationToken cancellationToken) =>
        await limiter.AcquireAsync(1, cancellationToken);
}
