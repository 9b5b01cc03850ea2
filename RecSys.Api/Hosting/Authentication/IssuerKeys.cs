using Microsoft.IdentityModel.Tokens;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>
/// The keys that tokens may be signed with: those of PEM files, which stay, and those of the key set, which is read anew from time to time
/// and when a token names a key that is not in it. A set that cannot be read leaves the old keys in force; a key is gone once a set without
/// it was read.
/// </summary>
internal sealed partial class IssuerKeys(
    AuthenticationSettings settings,
    IReadOnlyList<SecurityKey> fixedKeys, JwksSource? source, TimeProvider time, ILogger<IssuerKeys> logger) : BackgroundService
{
    private readonly Lock gate = new();
    private readonly RepeatedReports reports = new(time, TimeSpan.FromMinutes(5));
    private volatile SecurityKey[] keys = [.. fixedKeys];
    private Task reading = Task.CompletedTask;
    private long? lastRead;

    /// <summary>Changes whenever the keys may have: what was checked with an earlier set must be checked again.</summary>
    public object Version => keys;

    /// <summary>First reading, before the server opens its port.</summary>
    /// <exception cref="RecSysException">The set cannot be read and there is no other key.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (source is null) return;
        lastRead = time.GetTimestamp();
        try
        {
            Take(await source.ReadAsync(cancellationToken));
        }
        catch (RecSysException failure) when (fixedKeys.Count > 0)
        {
            Unread(logger, failure.Message, 1);
        }
    }

    /// <summary>The keys to try for a token that names <paramref name="kid"/>: those of that name and those without one.</summary>
    public IEnumerable<SecurityKey> Find(string? kid)
    {
        var all = keys;
        return string.IsNullOrEmpty(kid)
            ? all : all.Where(key => key.KeyId is null || string.Equals(key.KeyId, kid, StringComparison.Ordinal));
    }

    /// <summary>
    /// Reads the set anew when the key is not known and the last reading is old enough. All who ask meanwhile wait for the same reading, so
    /// that nobody can make the server ask more often by sending names of keys.
    /// </summary>
    public Task RefreshForAsync(string kid, CancellationToken cancellationToken)
    {
        if (source is null || Knows(kid)) return Task.CompletedTask;
        Task running;
        lock (gate)
        {
            if (reading.IsCompleted
                && (lastRead is not { } last || time.GetElapsedTime(last) >= TimeSpan.FromSeconds(settings.JwksUnknownKeySeconds))
                && !Knows(kid))
            {
                lastRead = time.GetTimestamp();
                reading = ReadAsync(CancellationToken.None);
            }
            running = reading;
        }
        return running.WaitAsync(cancellationToken);
    }

    public override void Dispose()
    {
        source?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (source is null) return;
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(settings.JwksRefreshMinutes), time);
        // The host treats the cancellation of the token as a normal end.
        while (await timer.WaitForNextTickAsync(stoppingToken)) await ReadAsync(stoppingToken);
    }

    private bool Knows(string kid) => Array.Exists(keys, key => string.Equals(key.KeyId, kid, StringComparison.Ordinal));

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        // Off the lock, whoever calls.
        await Task.Yield();
        try
        {
            Take(await source!.ReadAsync(cancellationToken));
        }
        catch (RecSysException failure)
        {
            if (reports.IsDue(failure, out var count)) Unread(logger, failure.Message, count);
        }
    }

    private void Take(IReadOnlyList<SecurityKey> read)
    {
        var before = keys.Length;
        keys = [.. fixedKeys, .. read];
        if (before != keys.Length) Taken(logger, read.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tokens are checked with {Count} keys of the key set from now on")]
    private static partial void Taken(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Reason} The keys known so far stay in force ({Count} failed readings since the last such line)")]
    private static partial void Unread(ILogger logger, string reason, long count);
}
