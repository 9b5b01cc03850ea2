using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace RecSys.Core.Import;

/// <summary>Makes the next chunk of a sequence while the last one is dealt with.</summary>
internal static class ReadAhead
{
    /// <summary>The sequence in chunks; two exist at a time beside the one given out.</summary>
    /// <param name="source">Enumerated on another thread; what it throws comes out here.</param>
    /// <param name="size">Of each chunk but the last.</param>
    /// <param name="ct">Stops the reading, also that ahead.</param>
    internal static async IAsyncEnumerable<List<T>> ChunksAsync<T>(
        IEnumerable<T> source, int size, [EnumeratorCancellation] CancellationToken ct)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var channel = Channel.CreateBounded<List<T>>(1);
        var reading = Task.Run(() => FillAsync(source, size, channel.Writer, ends.Token), CancellationToken.None);
        try
        {
            await foreach (var chunk in channel.Reader.ReadAllAsync(ct)) yield return chunk;
        }
        finally
        {
            // The files behind the sequence are closed before the caller goes on.
            await ends.CancelAsync();
            await reading;
        }
    }

    private static async Task FillAsync<T>(IEnumerable<T> source, int size, ChannelWriter<List<T>> to, CancellationToken ct)
    {
        try
        {
            var chunk = new List<T>(size);
            foreach (var value in source)
            {
                chunk.Add(value);
                if (chunk.Count < size) continue;
                await to.WriteAsync(chunk, ct);
                chunk = new List<T>(size);
            }
            if (chunk.Count > 0) await to.WriteAsync(chunk, ct);
            to.Complete();
        }
        catch (Exception failure)
        {
            to.Complete(failure);
        }
    }
}
