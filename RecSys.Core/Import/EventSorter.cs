using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Import;

/// <summary>
/// Sorts any number of events by time, equal ones in the order in which they came, in bounded memory: what does not fit is written to
/// temporary files as sorted runs, which are merged while they are read.
/// </summary>
/// <param name="folder">Existing folder of the temporary files.</param>
/// <param name="runBytes">Memory for one run.</param>
internal sealed class EventSorter(string folder, int runBytes = 64 << 20) : IDisposable
{
    private readonly PayloadWriter writer = new();
    private readonly SharedTexts shared = new();
    private readonly List<(long TimeMs, int Start, int Length)> entries = [];
    private readonly List<string> runs = [];
    private byte[] buffer = new byte[1 << 20];
    private int used;

    internal long Count { get; private set; }

    internal void Add(Event e)
    {
        writer.Clear();
        EventPayload.Write(writer, e);
        if (used > 0 && used + writer.Length > runBytes) Spill();
        if (used + writer.Length > buffer.Length)
            Array.Resize(ref buffer, Math.Max(used + writer.Length, (int)Math.Min(runBytes, 2L * buffer.Length)));
        writer.Written.CopyTo(buffer.AsSpan(used));
        entries.Add((e.Time.ToUnixTimeMilliseconds(), used, writer.Length));
        used += writer.Length;
        Count++;
    }

    /// <summary>All events in order. Nothing can be added any more.</summary>
    internal IEnumerable<Event> Sorted()
    {
        if (runs.Count == 0)
        {
            foreach (var index in Order())
                yield return EventPayload.Read(buffer.AsSpan(entries[index].Start, entries[index].Length), shared);
            yield break;
        }
        if (entries.Count > 0) Spill();
        var readers = runs.ConvertAll(path => new SpoolReader(path));
        try
        {
            var next = new PriorityQueue<Event, (DateTimeOffset Time, int Run)>();
            for (var run = 0; run < readers.Count; run++) Advance(run);
            while (next.TryDequeue(out var e, out var place))
            {
                yield return e;
                Advance(place.Run);
            }

            void Advance(int run)
            {
                if (!readers[run].TryRead(out var bytes)) return;
                var e = EventPayload.Read(bytes, shared);
                next.Enqueue(e, (e.Time, run));
            }
        }
        finally
        {
            foreach (var reader in readers) reader.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var run in runs) File.Delete(run);
        runs.Clear();
    }

    private int[] Order()
    {
        var keys = new (long TimeMs, int Index)[entries.Count];
        var order = new int[entries.Count];
        for (var i = 0; i < keys.Length; i++) (keys[i], order[i]) = ((entries[i].TimeMs, i), i);
        Array.Sort(keys, order);
        return order;
    }

    private void Spill()
    {
        var path = Path.Combine(folder, $"sort-{Guid.NewGuid():n}.tmp");
        runs.Add(path);
        using (var run = new SpoolWriter(path))
        {
            foreach (var index in Order()) run.Write(buffer.AsSpan(entries[index].Start, entries[index].Length));
        }
        entries.Clear();
        used = 0;
    }
}
