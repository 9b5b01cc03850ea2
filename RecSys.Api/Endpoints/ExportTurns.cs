namespace RecSys.Api.Endpoints;

/// <summary>
/// Bounds what exports hold in memory. Each has the whole of a user at hand until its reader has taken it, however slowly that goes: a user
/// with 20,000 events takes about 8 MB.
/// </summary>
internal sealed class ExportTurns : IDisposable
{
    /// <summary>Exports at a time; one more is told to come again.</summary>
    public const int Most = 4;

    private readonly SemaphoreSlim free = new(Most, Most);

    /// <summary>False when all are taken. Who gets one gives it back.</summary>
    public bool TryTake() => free.Wait(TimeSpan.Zero);

    public void GiveBack() => free.Release();

    public void Dispose() => free.Dispose();
}
