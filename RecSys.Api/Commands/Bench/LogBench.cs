using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench log</c>: how many events per second the log takes durably, by batch, beside the flushes that the disk makes, and how fast it is
/// read. One JSON line per batch. Events are of random users and items, with random ids, as posts bring them.
/// </summary>
internal static class LogBench
{
    private const int Items = 10_000;
    private const int Users = 100_000;
    private static readonly int[] Batches = [1, 10, 100, 1_000];

    public static Command Create()
    {
        var seconds = CommonOptions.InRange(
            new Option<int>("--seconds") { Description = "Time for each batch", DefaultValueFactory = _ => 5 }, 1, 3600);
        var folder = new Option<string>("--folder") { Description = "Where a data folder is made for a moment",
            DefaultValueFactory = _ => Path.GetTempPath(), HelpName = "folder" };
        var command = new Command("log", "Durable events per second of the log, without HTTP") { seconds, folder };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var path = Path.Combine(arguments.GetRequiredValue(folder), $"log-bench-{Environment.ProcessId}");
            try
            {
                await using var database = await Databases.OpenAsync(path, cancellationToken);
                foreach (var chunk in Enumerable.Range(0, Items).Chunk(ImportPace.MostEntries))
                    await database.EventLog.AppendAsync(
                        [.. chunk.Select(i => new ItemPut(new Item { Id = $"item-{i}", Title = $"Item {i}", Category = "c" }))],
                        cancellationToken);
                foreach (var batch in Batches)
                {
                    var line = await AppendAsync(database, batch, TimeSpan.FromSeconds(arguments.GetValue(seconds)), cancellationToken);
                    await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(line));
                }
                await arguments.InvocationConfiguration.Output.WriteLineAsync(
                    JsonSerializer.Serialize(await ReadAsync(database, cancellationToken)));
            }
            finally
            {
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            }
        });
        return command;
    }

    private static async Task<object> AppendAsync(IDatabase database, int batch, TimeSpan time, CancellationToken cancellationToken)
    {
        var random = new Random(batch);
        var times = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            var changes = new List<LogChange>(batch);
            for (var i = 0; i < batch; i++) changes.Add(new EventChange(Make(random)));
            var began = Stopwatch.GetTimestamp();
            await database.EventLog.AppendAsync(changes, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        times.Sort();
        return new
        {
            bench = "log", batch, events_per_s = Math.Round(times.Count * batch / elapsed),
                appends_per_s = Math.Round(times.Count / elapsed),
            append_ms_p50 = Math.Round(times[times.Count / 2], 3), append_ms_p99 = Math.Round(times[(int)(times.Count * 0.99)], 3),
        };
    }

    private static async Task<object> ReadAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var entries = 0;
        await foreach (var entry in database.EventLog.ReadAfterAsync(0, cancellationToken)) entries++;
        var read = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        var log = await database.Log.ReadAsync(null, null, cancellationToken);
        var compact = Stopwatch.GetElapsedTime(start);
        return new
        {
            bench = "log read", entries, entries_per_s = Math.Round(entries / read.TotalSeconds),
                compact_events_per_s = Math.Round(log.Events.Length / compact.TotalSeconds),
            bytes_per_event = Math.Round(new DirectoryInfo(database.DataFolder).EnumerateFiles("recsys.db")
                .Sum(file => file.Length) / (double)Math.Max(1, log.Events.Length)),
        };
    }

    private static Event Make(Random random) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{random.NextInt64():x16}{random.NextInt64():x16}"),
        UserId = string.Create(CultureInfo.InvariantCulture, $"user-{random.Next(Users)}"),
        ItemId = string.Create(CultureInfo.InvariantCulture, $"item-{random.Next(Items)}"),
        Type = (EventType)random.Next(3),
        Time = TimeProvider.System.GetUtcNow(),
        Position = random.Next(20),
        RequestId = string.Create(CultureInfo.InvariantCulture, $"req_{random.Next():x8}"),
        SessionId = string.Create(CultureInfo.InvariantCulture, $"session-{random.Next(Users)}"),
        Device = "mobile",
        Location = "SF",
    };
}
