using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench catalog</c>: memory of the catalogue and of the items' facts, the time of one PUT in them beside a reader that never stops,
/// lookups, and a snapshot on disk. Items have ids of 10 characters, titles of 40, one of 100 categories, a creator per 20 items and 3
/// tags. One JSON object.
/// </summary>
internal static partial class CatalogBench
{
    private const int Puts = 50_000;
    private const int Lookups = 2_000_000;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Command Create()
    {
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items in the catalogue", DefaultValueFactory = _ => 1_000_000 }, 1000, 100_000_000);
        var folder = new Option<string>("--folder") { Description = "Where the snapshot is written for a moment",
            DefaultValueFactory = _ => Path.GetTempPath(), HelpName = "folder" };
        var command = new Command("catalog", "Memory, changes, lookups and snapshot of the catalogue") { items, folder };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var path = Path.Combine(arguments.GetRequiredValue(folder), $"catalog-bench-{Environment.ProcessId}");
            try
            {
                var result = await MeasureAsync(arguments.GetValue(items), path, cancellationToken);
                await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(result));
            }
            finally
            {
                File.Delete(path);
            }
        });
        return command;
    }

    private static async Task<object> MeasureAsync(int count, string path, CancellationToken cancellationToken)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        var (catalog, facts) = (new ItemCatalog(), new ItemColumns());
        for (var i = 0; i < count; i++) Put(catalog, facts, i, Make(i, round: 0));
        var built = Stopwatch.GetElapsedTime(start);
        var heap = GC.GetTotalMemory(forceFullCollection: true) - before;
        var memory = catalog.Memory;
        var pinned = GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[4].SizeAfterBytes;

        var (puts, longestWork, longestRead, reads) = await PutAsync(catalog, facts, count, cancellationToken);
        var lookups = Look(catalog, count);

        start = Stopwatch.GetTimestamp();
        using var captured = catalog.Capture();
        var columns = facts.Capture();
        var capture = Stopwatch.GetElapsedTime(start);
        long bytes;
        start = Stopwatch.GetTimestamp();
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            captured.Write(file);
            columns.Write(file);
            file.Flush(flushToDisk: true);
            bytes = file.Length;
        }
        var write = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20))
        {
            var copy = ItemCatalog.Read(file, path);
            if (copy.Count != catalog.Count || ItemColumns.Read(file, path).Count != facts.Count)
                throw new RecSysException("The snapshot does not hold what was written.");
        }
        var read = Stopwatch.GetElapsedTime(start);
        return new
        {
            bench = "catalog",
            items = count,
            build_s = Math.Round(built.TotalSeconds, 2),
            bytes_per_item = Math.Round(heap / (double)count, 1),
            text_bytes_per_item = Math.Round(memory.Texts / (double)count, 1),
            column_bytes_per_item = Math.Round(memory.Columns / (double)count, 1),
            pinned_mb = pinned >> 20,
            heap_mb = heap >> 20,
            rss_mb = Environment.WorkingSet >> 20,
            put_us_p50 = Microseconds(puts[Puts / 2]),
            put_us_p99 = Microseconds(puts[(int)(Puts * 0.99)]),
            put_us_max = Microseconds(puts[^1]),
            put_cpu_us_max = Math.Round(longestWork / 1e3, 1),
            reads_beside_puts = reads,
            read_us_max = Microseconds(longestRead),
            lookups_per_s = Math.Round(lookups),
            capture_ms = Math.Round(capture.TotalMilliseconds, 2),
            snapshot_mb = bytes >> 20,
            write_s = Math.Round(write.TotalSeconds, 2),
            read_s = Math.Round(read.TotalSeconds, 2),
        };
    }

    // Half of the changes are new items, half replace one.
    private static async Task<(long[] Puts, long LongestWork, long LongestRead, long Reads)> PutAsync(ItemCatalog catalog,
        ItemColumns facts, int count, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var changes = Enumerable.Range(0, Puts).Select(i => Make(i % 2 == 0 ? count + i / 2 : random.Next(count), round: 1)).ToArray();
        var numbers = Enumerable.Range(0, Puts).Select(i => i % 2 == 0 ? count + i / 2 : NumberOf(changes[i])).ToArray();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => Read(catalog, count, done.Token), cancellationToken);
        var times = new long[Puts];
        var longestWork = 0L;
        for (var i = 0; i < Puts; i++)
        {
            var (start, work) = (Stopwatch.GetTimestamp(), ThreadNanoseconds());
            Put(catalog, facts, numbers[i], changes[i]);
            times[i] = Stopwatch.GetTimestamp() - start;
            longestWork = Math.Max(longestWork, ThreadNanoseconds() - work);
        }
        await done.CancelAsync();
        var (longest, reads) = await reading;
        Array.Sort(times);
        return (times, longestWork, longest, reads);
    }

    private static (long Longest, long Reads) Read(ItemCatalog catalog, int count, CancellationToken stop)
    {
        var random = new Random(2);
        var (longest, reads, sum) = (0L, 0L, 0L);
        for (; !stop.IsCancellationRequested; reads++)
        {
            var item = random.Next(count);
            var start = Stopwatch.GetTimestamp();
            if (catalog.IsServable(item)) sum += catalog.CategoryOf(item) + catalog.TitleOf(item).Length;
            longest = Math.Max(longest, Stopwatch.GetTimestamp() - start);
        }
        GC.KeepAlive(sum);
        return (longest, reads);
    }

    private static double Look(ItemCatalog catalog, int count)
    {
        var random = new Random(3);
        Span<char> id = stackalloc char[10];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Lookups; i++)
        {
            var number = random.Next(count);
            ((uint)number).TryFormat(id, out _, "D10", CultureInfo.InvariantCulture);
            if (!catalog.TryGetNumber(id, out var found) || found != number) throw new InvalidOperationException("An id was not found.");
        }
        return Lookups / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Put(ItemCatalog catalog, ItemColumns facts, int number, Item item)
    {
        facts.Put(number, ItemFacts.Of(item));
        catalog.Put(number, item);
    }

    private static int NumberOf(Item item) => int.Parse(item.Id, CultureInfo.InvariantCulture);

    private static Item Make(int number, int round) => new()
    {
        Id = number.ToString("D10", CultureInfo.InvariantCulture),
        Title = string.Create(CultureInfo.InvariantCulture, $"A title of forty characters, {number:D10} {round}"),
        Category = $"category {number % 100}",
        Creator = $"creator {number / 20}",
        Tags = [$"tag {number % 7}", $"tag {number % 77}", $"tag {number % 777}"],
        Price = number % 1000,
        CreatedAt = Start.AddSeconds(number),
    };

    // Processor time of this thread: on a busy machine the longest time of a PUT is that of waiting for a processor.
    private static long ThreadNanoseconds()
    {
        ReadClock(ThreadClock, out var time);
        return time.Seconds * 1_000_000_000 + time.Nanoseconds;
    }

    private const int ThreadClock = 3;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out ClockTime time);

    private readonly record struct ClockTime(long Seconds, long Nanoseconds);

    private static double Microseconds(long ticks) => Math.Round(ticks * 1e6 / Stopwatch.Frequency, 1);
}
