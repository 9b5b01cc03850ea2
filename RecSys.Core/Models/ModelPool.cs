using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>
/// The model versions in memory: champion, challengers, and the champion before. A request gets its assignment and a lease on exactly that
/// version in one step, and sees that model to its end; a retired model is disposed exactly once, by whoever returns its last lease. Taking
/// a lease allocates nothing and never waits; changes exclude each other. Every version that champion or traffic split name is always in
/// memory.
/// </summary>
public sealed class ModelPool<T> : IDisposable
    where T : class, IDisposable
{
    /// <summary>Most versions at once; one more is refused.</summary>
    public const int MaxLive = 16;

    private readonly Lock changing = new();
    private readonly List<PooledEntry<T>> retiring = [];
    private readonly RefusedVersions refused;
    private readonly ModelPoolOptions options;
    private readonly string policyHash;
    private readonly TimeProvider time;
    private PoolTable<T>? current = new([]);

    /// <summary>Starts without a model.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="policyHash">Of the policy that serves where there is no rollout; null: the default policy's.</param>
    /// <param name="time">Clock for <see cref="PooledModel.Since"/>.</param>
    public ModelPool(ModelPoolOptions? options = null, string? policyHash = null, TimeProvider? time = null)
    {
        this.options = options ?? new ModelPoolOptions();
        this.policyHash = policyHash ?? Policy.Default.Hash;
        this.time = time ?? TimeProvider.System;
        refused = new RefusedVersions(this.time);
    }

    /// <summary>The version that serves whoever is in no experiment; null before the first.</summary>
    public string? Champion => Volatile.Read(ref current)?.Champion?.Version;

    /// <summary>The rollout in progress, or null.</summary>
    public TrafficSplit? Split => Volatile.Read(ref current)?.Split;

    /// <summary>What the models in memory are reckoned to take, with those that are being given up.</summary>
    public long TakenBytes
    {
        get
        {
            lock (changing) return Table.Live.Sum(entry => entry.Bytes) + Drained().Sum(entry => entry.Bytes);
        }
    }

    private PoolTable<T> Table => Volatile.Read(ref current) ?? throw new ObjectDisposedException(nameof(ModelPool<>));

    /// <summary>Settles what the subject gets, and takes a lease on exactly that model.</summary>
    /// <exception cref="InvalidOperationException">There is no champion yet.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public Assignment Assign(ReadOnlySpan<char> subject, out ModelLease<T> lease)
    {
        while (true)
        {
            var table = Table;
            var assignment = (table.Traffic ?? throw NoChampion()).Assign(subject);
            // A failed entry means that the model was retired and drained since the table was read, so there is a newer table.
            if (table.Find(assignment.ModelVersion) is not { } entry || !entry.TryEnter()) continue;
            lease = new ModelLease<T>(entry);
            return assignment;
        }
    }

    /// <summary>Takes a lease on the champion, for work on behalf of nobody.</summary>
    /// <exception cref="InvalidOperationException">There is no champion yet.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public ModelLease<T> AcquireChampion()
    {
        while (true)
        {
            var champion = Table.Champion ?? throw NoChampion();
            if (champion.TryEnter()) return new ModelLease<T>(champion);
        }
    }

    /// <summary>Takes a lease on a version.</summary>
    /// <returns>False when it is not in memory, or being given up.</returns>
    public bool TryAcquire(string version, out ModelLease<T> lease)
    {
        while (Volatile.Read(ref current)?.Find(version) is { } entry)
        {
            if (!entry.TryEnter()) continue;
            lease = new ModelLease<T>(entry);
            return true;
        }
        lease = default;
        return false;
    }

    /// <summary>True when <see cref="MaxLive"/> versions are in memory.</summary>
    public bool IsFull => Volatile.Read(ref current)?.Live.Length >= MaxLive;

    /// <summary>True when the version is in memory and not being given up.</summary>
    public bool IsLive(string version) => Volatile.Read(ref current)?.Find(version) is not null;

    /// <summary>Takes a model over. It serves nobody before <see cref="Promote"/> or <see cref="Route"/>.</summary>
    /// <param name="version">Name of the bundle.</param>
    /// <param name="model">The pool's from now on, also when this throws.</param>
    /// <param name="bytes">What it takes in memory, about.</param>
    /// <exception cref="InvalidOperationException">The version is in memory already, or too many are.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public void Add(string version, T model, long bytes)
    {
        lock (changing)
        {
            try
            {
                var table = Table;
                if (table.Find(version) is not null) throw new InvalidOperationException($"{version} is in memory already.");
                if (IsFull) throw new InvalidOperationException($"{MaxLive} versions are in memory; retire one first.");
                refused.Forget(version);
                Publish(table.With(new PooledEntry<T>(version, model, bytes) { Since = time.GetUtcNow() }));
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// Makes a version in memory the champion. The one before stays in memory where the options say so or an arm uses it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The version is not in memory.</exception>
    public void Promote(string version)
    {
        lock (changing)
        {
            var table = Table;
            var next = table.Find(version) ?? throw new InvalidOperationException($"{version} is not in memory; load it first.");
            if (next == table.Champion) return;
            var (old, before) = (table.Champion, table.Previous);
            next.Since = time.GetUtcNow();
            if (old is not null) old.Since = next.Since;
            table = table with { Champion = next, Previous = old, Traffic = table.Split ?? TrafficSplit.Everybody(version, policyHash) };
            // Published before anything is retired: a model that a request may be sent to is always there.
            Publish(table);
            foreach (var idle in options.KeepPrevious ? [before] : new[] { before, old })
            {
                if (idle is not null && !Table.Serves(idle.Version)) Remove(idle);
            }
        }
    }

    /// <summary>Sends traffic by a rollout, or with null to the champion again.</summary>
    /// <exception cref="RecSysException">A version of the split is not in memory; what was in use stays.</exception>
    /// <exception cref="InvalidOperationException">There is no champion yet.</exception>
    public void Route(TrafficSplit? split)
    {
        lock (changing)
        {
            var table = Table;
            if (table.Champion is not { } champion) throw NoChampion();
            foreach (var arm in split?.Arms ?? [])
            {
                if (table.Find(arm.ModelVersion) is null)
                    throw new RecSysException($"The traffic of {split!.Experiment} names {arm.ModelVersion}, which is not in memory. "
                        + "Load it first; the traffic stays as it is.");
            }
            Publish(table with { Split = split, Traffic = split ?? TrafficSplit.Everybody(champion.Version, policyHash) });
        }
    }

    /// <summary>Gives a version up; it is freed with its last lease.</summary>
    /// <returns>False when it is not in memory.</returns>
    /// <exception cref="InvalidOperationException">It is champion, or an arm of the traffic split uses it.</exception>
    public bool Retire(string version)
    {
        lock (changing)
        {
            var table = Table;
            if (table.Find(version) is not { } entry) return false;
            if (table.Serves(version))
                throw new InvalidOperationException($"{version} serves; promote another or change the traffic first.");
            Remove(entry);
            return true;
        }
    }

    /// <summary>Gives up the champion before this one, to make room.</summary>
    /// <returns>False when there is none in memory, or an arm uses it.</returns>
    public bool RetirePrevious()
    {
        lock (changing) return Table.Previous is { } previous && !Table.Serves(previous.Version) && Retire(previous.Version);
    }

    /// <summary>What a further version may take, in bytes; 0 or less when there is no room.</summary>
    /// <param name="available">What the process may still take, in bytes.</param>
    public long Room(long available) => Math.Min((options.MaxBytes ?? long.MaxValue) - TakenBytes, available);

    /// <summary>Remembers that a version was not loaded.</summary>
    /// <inheritdoc cref="RefusedVersions.Add"/>
    public bool Refuse(ModelRefusal refusal)
    {
        lock (changing) return refused.Add(refusal);
    }

    /// <summary>Why the version was not loaded at the last attempt; null when it was, or never tried.</summary>
    public ModelRefusal? RefusalOf(string version)
    {
        lock (changing) return refused.Find(version);
    }

    /// <summary>Every version in memory, being given up, or refused, as of this moment.</summary>
    public IReadOnlyList<PooledModel> List()
    {
        lock (changing)
        {
            var table = Table;
            PooledModel Row(PooledEntry<T> entry, PooledState state, int own) =>
                new(entry.Version, state, entry.Bytes, Math.Max(0, entry.Users - own), own * table.ShareOf(entry.Version), entry.Since,
                    null);
            return
            [
                .. table.Live.Select(entry => Row(entry, entry == table.Champion ? PooledState.Champion : PooledState.Live, own: 1)),
                .. Drained().Select(entry => Row(entry, PooledState.Retiring, own: 0)),
                .. refused.Rows,
            ];
        }
    }

    /// <summary>No further leases; each model goes with its last one.</summary>
    public void Dispose()
    {
        lock (changing)
        {
            if (Interlocked.Exchange(ref current, null) is not { } table) return;
            foreach (var entry in table.Live) entry.Release();
        }
    }

    private static InvalidOperationException NoChampion() => new("No model has been loaded yet; wait for readiness before serving.");

    private void Publish(PoolTable<T> table) => Volatile.Write(ref current, table);

    private void Remove(PooledEntry<T> entry)
    {
        Publish(Table.Without(entry));
        entry.Since = time.GetUtcNow();
        Drained();
        retiring.Add(entry);
        entry.Release();
    }

    // The last lease is returned on the path of a request, which shall not wait for this list: what is gone is left out when somebody
    // looks.
    private List<PooledEntry<T>> Drained()
    {
        retiring.RemoveAll(entry => entry.Users == 0);
        return retiring;
    }
}
