namespace RecSys.Core.Storage;

/// <summary>
/// How fast history goes into a log that others use meanwhile: in chunks that hold the writer's place for about 50 ms, with a pause as long
/// behind each, and none at all while the one that folds is more than 5,000 entries behind. Where nobody else uses the log, chunk follows
/// chunk, each of up to 20,000 entries: every chunk writes anew what it touches of the indexes that are in another order than the log, so
/// that large ones write a fraction.
/// </summary>
/// <param name="log">Told apart by its head: how far it is resolved.</param>
/// <param name="isShared">True while somebody else uses the log.</param>
/// <param name="clock">For the pauses.</param>
public sealed class ImportPace(IEventLog log, Func<bool> isShared, TimeProvider clock)
{
    /// <summary>Most entries of a chunk beside others.</summary>
    public const int MostEntries = 2_000;

    /// <summary>Most entries of a chunk where nobody else uses the log.</summary>
    public const int MostAlone = 20_000;

    private const int FewestEntries = 50;
    private const long MostUnfolded = 5_000;
    private static readonly TimeSpan ChunkTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Entries of the next chunk.</summary>
    public int ChunkSize { get; private set; } = 500;

    /// <summary>True while nobody else uses the log.</summary>
    public bool IsAlone => !isShared();

    /// <summary>Call it behind every chunk.</summary>
    /// <param name="entries">Size of the chunk.</param>
    /// <param name="took">What it took.</param>
    /// <param name="ct">Ends the pause.</param>
    public async Task PauseAsync(int entries, TimeSpan took, CancellationToken ct)
    {
        if (!isShared())
        {
            // At most doubled: somebody may come.
            ChunkSize = Math.Min(MostAlone, 2 * ChunkSize);
            return;
        }
        var fitting = entries * (ChunkTime * 0.8) / (took + TimeSpan.FromTicks(1));
        // One quick chunk says little about the next.
        ChunkSize = (int)Math.Clamp(fitting, FewestEntries, Math.Min(MostEntries, 2L * ChunkSize));
        await Task.Delay(took, clock, ct);
        await WaitForFoldAsync(ct);
    }

    // Somebody who holds the folder without folding, such as a server that hangs, must not stop an import for good.
    private async Task WaitForFoldAsync(CancellationToken ct)
    {
        var (since, resolved) = (clock.GetTimestamp(), -1L);
        while (await log.ReadHeadAsync(ct) is var head && head.Position - head.Resolved > MostUnfolded
            && clock.GetElapsedTime(since) < Patience)
        {
            if (head.Resolved != resolved) (since, resolved) = (clock.GetTimestamp(), head.Resolved);
            await Task.Delay(Look, clock, ct);
        }
    }
}
