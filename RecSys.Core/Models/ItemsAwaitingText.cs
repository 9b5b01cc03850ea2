using System.Threading.Channels;

namespace RecSys.Core.Models;

/// <summary>
/// Items whose texts wait to be encoded, each once, at most <see cref="Capacity"/>: further ones stand on their other content until the
/// next bundle. Thread-safe.
/// </summary>
public sealed class ItemsAwaitingText
{
    /// <summary>Items that may wait.</summary>
    public const int Capacity = 100_000;

    private readonly Channel<int> waiting = Channel.CreateBounded<int>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly HashSet<int> queued = [];

    /// <summary>Number of items that wait.</summary>
    public int Count
    {
        get
        {
            lock (queued) return queued.Count;
        }
    }

    internal void Add(int number)
    {
        lock (queued)
        {
            if (queued.Count < Capacity && queued.Add(number)) waiting.Writer.TryWrite(number);
        }
    }

    /// <summary>Waits for the next item. One reader.</summary>
    public async ValueTask<int> TakeAsync(CancellationToken cancellationToken)
    {
        var number = await waiting.Reader.ReadAsync(cancellationToken);
        lock (queued) queued.Remove(number);
        return number;
    }
}
