namespace RecSys.Tests.Storage.Lake.Bucket;

/// <summary>A body that begins and never goes on.</summary>
/// <param name="stalled">Called once somebody waits.</param>
internal sealed class StalledStream(Action stalled) : MemoryStream([1])
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position < Length) return await base.ReadAsync(buffer, cancellationToken);
        var never = Task.Delay(Timeout.Infinite, cancellationToken);
        stalled();
        await never;
        return 0;
    }
}
