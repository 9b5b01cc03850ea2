namespace RecSys.Tests.Storage.Lake.Bucket;

/// <summary>A body that begins and never goes on.</summary>
/// <param name="stalled">Called once somebody waits.</param>
internal sealed class StalledStream(Action stalled) : MemoryStream([1])
{
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position < Length) return Read(buffer.Span);
        var never = Task.Delay(Timeout.Infinite, cancellationToken);
        stalled();
        await never;
        return 0;
    }
}
