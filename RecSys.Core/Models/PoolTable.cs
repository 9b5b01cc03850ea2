namespace RecSys.Core.Models;

/// <summary>
/// What a request reads of the pool, in one piece: champion, traffic and the models behind both. Immutable; every model that the traffic
/// may choose is in it.
/// </summary>
/// <param name="Live">Few, so that a scan beats a table.</param>
/// <param name="Champion">One of the live ones; null before the first is promoted.</param>
/// <param name="Previous">The champion before, while it is live.</param>
/// <param name="Split">The rollout in progress, or null.</param>
/// <param name="Traffic">The rollout, or else everybody to the champion; null as long as there is neither.</param>
internal sealed record PoolTable<T>(
    PooledEntry<T>[] Live, PooledEntry<T>? Champion = null, PooledEntry<T>? Previous = null, TrafficSplit? Split = null,
    TrafficSplit? Traffic = null)
    where T : class, IDisposable
{
    public PooledEntry<T>? Find(string version)
    {
        foreach (var entry in Live)
        {
            if (entry.Version == version) return entry;
        }
        return null;
    }

    /// <summary>True while requests may be sent to the version.</summary>
    public bool Serves(string version) => Champion?.Version == version || Split?.Uses(version) == true;

    public int ShareOf(string version) => Traffic?.Arms.Where(arm => arm.ModelVersion == version).Sum(arm => arm.Share) ?? 0;

    public PoolTable<T> With(PooledEntry<T> entry) => this with { Live = [.. Live, entry] };

    public PoolTable<T> Without(PooledEntry<T> entry) =>
        this with { Live = [.. Live.Where(other => other != entry)], Previous = Previous == entry ? null : Previous };
}
