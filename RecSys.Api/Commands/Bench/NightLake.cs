using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// A data folder whose log lies in the lake alone, for nights of any size: a synthetic world written straight into the days of the lake,
/// every event received when it happened. The database beside it has one item. Of the resolver's contributions there are none; a night
/// computes its own.
/// </summary>
internal static class NightLake
{
    private const int ReportEvery = 50_000;

    /// <summary>Writes it.</summary>
    /// <param name="options">Size of the world; its start is the beginning of a day.</param>
    /// <param name="folder">The data folder; made anew.</param>
    /// <param name="progress">Told of entries.</param>
    /// <param name="ct">Stops; the folder is of no use then.</param>
    /// <returns>Events written.</returns>
    public static async Task<long> WriteAsync(
        WorldOptions options, string folder, IProgress<WorkProgress> progress, CancellationToken ct)
    {
        WorldStore.Clear(folder);
        await using var database = await Databases.OpenAsync(folder, ct);
        await WorldStore.MarkAsync(folder, ct);
        var world = SyntheticWorld.Create(options);
        // A folder without data is taken for a mistake.
        await database.EventLog.AppendAsync([new ItemPut(world.Items[0])], ct);
        var clock = new Simulating.WorldClock(options.Start.AddDays(options.Days + 1));
        using var lake = new FolderLakeStore(Path.Combine(folder, "lake"));
        var days = new LogDays(
            lake, clock, new LakeOptions(), epoch: 1, Array.Empty<string>().ToLookup(_ => 0L), new LakeDaysWritten());
        days.Begin(new LogSpan(null, DateOnly.FromDateTime(options.Start.AddDays(options.Days - 1).UtcDateTime), long.MaxValue));
        try
        {
            var (position, events) = (0L, 0L);
            foreach (var entry in Entries(world))
            {
                if (!await days.MoveAsync(LakeClock.DayOf(entry.ReceivedMs), ct)) break;
                await days.AddAsync(entry, ct);
                position = entry.Position;
                if (entry.Change is EventChange) events++;
                if (position % ReportEvery == 0) progress.Report(new WorkProgress("write the lake", position, null, "entries"));
            }
            await days.FinishAsync(ct);
            progress.Report(new WorkProgress("write the lake", position, position, "entries"));
            return events;
        }
        finally
        {
            days.Abandon();
        }
    }

    private static IEnumerable<LogEntry> Entries(SyntheticWorld world)
    {
        var startMs = world.Options.Start.ToUnixTimeMilliseconds();
        var (position, numbers) = (0L, new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var item in world.Items)
        {
            numbers.Add(item.Id, numbers.Count);
            yield return new LogEntry(++position, startMs, numbers.Count - 1, new ItemPut(item));
        }
        foreach (var user in world.Users) yield return new LogEntry(++position, startMs, -1, new UserPut(user));
        foreach (var e in world.GenerateHistory())
            yield return new LogEntry(++position, e.Time.ToUnixTimeMilliseconds(), numbers[e.ItemId], new EventChange(e))
            {
                Contribution = Contribution.None,
            };
    }
}
