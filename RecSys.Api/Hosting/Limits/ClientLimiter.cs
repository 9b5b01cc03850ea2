using System.Collections.Concurrent;

namespace RecSys.Api.Hosting.Limits;

/// <summary>
/// Rate limits per client and class. At most <see cref="LimitOptions.MaxClients"/> budgets are kept: when that many are, full ones are
/// dropped, at most once a second; when all are in use, new clients share <see cref="SharedBudgets"/> budgets by hash, so that an attacker
/// with many names cannot grow the memory and a newcomer is at worst limited together with others. Lock-free but for new clients.
/// </summary>
internal sealed class ClientLimiter(LimitOptions options, TimeProvider time)
{
    /// <summary>Budgets for clients that found no place of their own.</summary>
    public const int SharedBudgets = 64;

    private readonly ConcurrentDictionary<ClientKey, RateBudget> budgets = new();
    private readonly RateBudget[] shared = [.. Enumerable.Range(0, SharedBudgets).Select(_ => new RateBudget())];
    private int count;
    private long sweptAt = long.MinValue;

    /// <summary>Clients with a budget of their own.</summary>
    public int Clients => Volatile.Read(ref count);

    /// <summary>Takes one request out of the client's budget.</summary>
    /// <returns>Null when it may go on, else how long to wait.</returns>
    public TimeSpan? Take(ClientKey client, bool isService)
    {
        if (options.Of(client.Operation) is not { } limits) return null;
        var now = time.GetTimestamp();
        var rate = isService ? limits.ServicePerSecond : limits.PerSecond;
        var cost = Math.Max(1, (long)(time.TimestampFrequency / rate));
        var wait = BudgetOf(client, now).Take(now, cost, isService ? limits.ServiceBurst : limits.Burst);
        return wait == 0 ? null : TimeSpan.FromSeconds(wait / (double)time.TimestampFrequency);
    }

    /// <summary>What the client has taken; to count its requests in and out.</summary>
    public RateBudget BudgetOf(ClientKey client) => BudgetOf(client, time.GetTimestamp());

    private RateBudget BudgetOf(ClientKey client, long now)
    {
        if (budgets.TryGetValue(client, out var known)) return known;
        if (Clients >= options.MaxClients) Sweep(now);
        if (Interlocked.Increment(ref count) > options.MaxClients)
        {
            Interlocked.Decrement(ref count);
            return shared[(uint)client.GetHashCode() % SharedBudgets];
        }
        var fresh = new RateBudget();
        var kept = budgets.GetOrAdd(client, fresh);
        if (!ReferenceEquals(kept, fresh)) Interlocked.Decrement(ref count);
        return kept;
    }

    private void Sweep(long now)
    {
        var last = Volatile.Read(ref sweptAt);
        if (last != long.MinValue && now - last < time.TimestampFrequency) return;
        if (Interlocked.CompareExchange(ref sweptAt, now, last) != last) return;
        foreach (var (client, budget) in budgets)
        {
            if (budget.IsIdle(now) && budgets.TryRemove(client, out _)) Interlocked.Decrement(ref count);
        }
    }
}
