using RecSys.Api.Commands.Simulating;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Commands.Bench;

/// <summary>A world with a server in it, judged every hour of its own clock.</summary>
/// <param name="options">The world.</param>
/// <param name="warmDays">Its days before the server.</param>
/// <param name="home">Empty; becomes the data folder.</param>
/// <param name="night">How to learn.</param>
/// <param name="nightly">Learns every night; else once.</param>
/// <param name="shift">Takes a category away on the last day.</param>
/// <param name="report">Told of each day's end.</param>
internal sealed class DriftRun(
    WorldOptions options, int warmDays, string home, NightlyTraining night, bool nightly, bool shift, Action<int> report)
{
    private readonly Dictionary<string, Dictionary<string, int>> looks = new() { ["1h"] = [], ["24h"] = [] };
    private readonly SortedDictionary<int, Dictionary<string, int>> byDay = [];
    private readonly CpuTimes times = new();
    private readonly Dictionary<string, int> named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> largest = new(StringComparer.Ordinal);
    private DateTimeOffset judged;

    /// <summary>Runs all days.</summary>
    /// <returns>The figures, to be written as JSON.</returns>
    /// <exception cref="RecSysException">The first days give no model.</exception>
    public async Task<object> RunAsync(CancellationToken cancellationToken)
    {
        var days = new WorldDays(options);
        var warm = new WarmDays(days, home);
        while (days.World.Day < warmDays)
        {
            await warm.RunAsync(cancellationToken);
            report(days.World.Day);
        }
        times.End("warm_days");
        var first = await night.RunAsync(home, days.World.Day - 1, days.Now, cancellationToken);
        if (first.Version is null) throw new RecSysException($"The first days give no model: {string.Join("; ", first.Reasons)}.");
        times.End("nights");
        var clock = new WorldClock(days.LastMoment);
        await using var server = await WorldServer.StartAsync(home, clock, cancellationToken);
        var policy = new JudgedPolicy(new ServerPolicy(days.World, days.Catalogue, server, clock), server, Judge);
        judged = days.Now;
        var (lists, versions) = (0L, 1);
        object? found = null;
        while (days.World.Day < options.Days)
        {
            var last = days.World.Day == options.Days - 1;
            if (last && shift) await TakeAwayAsync(days.World, server, cancellationToken);
            lists += (await days.RunAsync(policy, onList: null, cancellationToken)).Lists;
            await policy.Inner.TellUntilAsync(days.LastMoment, cancellationToken);
            report(days.World.Day);
            times.End("served_days");
            if (last) found = Responsible(server);
            if (last || !nightly) continue;
            if ((await night.RunAsync(home, days.World.Day - 1, days.Now, cancellationToken)).Version is not null) versions++;
            await server.SwapAsync(cancellationToken);
            times.End("nights");
        }
        return new
        {
            bench = "drift",
            items = options.Items, users = options.Users, seed = options.Seed, warm_days = warmDays, days = options.Days - warmDays,
            lists, versions, nightly, shift,
            looks,
            looks_24h_by_day = byDay.Values,
            alarms = named.OrderByDescending(name => name.Value).ToDictionary(),
            largest_psi = largest.OrderByDescending(name => name.Value).Take(12)
                .ToDictionary(name => name.Key, name => Math.Round(name.Value, 4)),
            last_day = found,
            business = await CompareAsync(server, lists, cancellationToken),
            cpu_seconds = times.Seconds,
            cpu_seconds_of_nights = await StepsAsync(cancellationToken),
        };
    }

    // What each step took, of all nights together.
    private async Task<Dictionary<string, double>> StepsAsync(CancellationToken cancellationToken)
    {
        var seconds = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(home, NightFolder.Nights), "steps", SearchOption.AllDirectories))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                var step = await NightJson.ReadAsync<StepResult>(file, cancellationToken);
                seconds[step.Step] = Math.Round(seconds.GetValueOrDefault(step.Step) + step.CpuSeconds, 1);
            }
        }
        return seconds;
    }

    // Every list is looked at, where a busy server looks at eight a second.
    private void Judge(WorldServer server, DateTimeOffset now)
    {
        server.Services.GetRequiredService<DriftJob>().Count();
        if (now - judged < TimeSpan.FromHours(1)) return;
        judged = now;
        // Once a minute of the machine's time would be once in many hours of the world's.
        server.Services.GetRequiredService<RankingRefresher>().RefreshAll(CancellationToken.None);
        var figures = server.Services.GetRequiredService<DriftFigures>();
        foreach (var (name, length) in ((string, TimeSpan)[])[("1h", DriftFigures.Hour), ("24h", DriftFigures.Day)])
        {
            var window = figures.Read(length);
            var status = window.Status.ToName();
            looks[name][status] = looks[name].GetValueOrDefault(status) + 1;
            if (length == DriftFigures.Day) Count(now, status);
            foreach (var responsible in window.Responsible) named[responsible] = named.GetValueOrDefault(responsible) + 1;
            if (window.Status < DriftStatus.Stable) continue;
            foreach (var (what, shift) in window.Shifts.Where(each => each.Shift is { Status: >= DriftStatus.Stable, Psi: not null }))
                largest[what] = Math.Max(largest.GetValueOrDefault(what), shift.Psi!.Value);
        }
    }

    private void Count(DateTimeOffset now, string status)
    {
        var day = (now - options.Start).Days;
        if (!byDay.TryGetValue(day, out var known)) byDay[day] = known = [];
        known[status] = known.GetValueOrDefault(status) + 1;
    }

    private static object Responsible(WorldServer server)
    {
        var window = server.Services.GetRequiredService<DriftFigures>().Read(DriftFigures.Day);
        return new
        {
            window.Lists, status = window.Status.ToName(), category_psi = window.Categories.Shift.Psi, window.Responsible, window.Advice,
        };
    }

    private static async Task TakeAwayAsync(LivingWorld world, WorldServer server, CancellationToken cancellationToken)
    {
        var window = server.Services.GetRequiredService<DriftFigures>().Read(DriftFigures.Day);
        var most = window.Categories.Shares.MaxBy(share => share.Current)!.Category;
        foreach (var chunk in world.Items.Where(item => item.Category == most)
            .Select(item => new ItemPut(item with { Available = false })).Chunk(500))
            await server.Posting.PostAsync(chunk, cancellationToken);
    }

    // The figures of the hours beside the records and events of the stores, counted plainly.
    private static async Task<object> CompareAsync(WorldServer server, long lists, CancellationToken cancellationToken)
    {
        var records = server.Services.GetRequiredService<IServedRecordStore>();
        while (server.Services.GetRequiredService<ServedRecordWriter>().Waiting > 0) await Task.Delay(100, cancellationToken);
        var job = server.Services.GetRequiredService<BusinessJob>();
        await job.CountAsync(cancellationToken);
        var places = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        await foreach (var record in records.ReadAsync(since: null, cancellationToken))
            places[record.RequestId] = [.. record.Items.Select(item => item.Item)];
        var reported = new Dictionary<string, long>(StringComparer.Ordinal);
        var (clicks, revenue) = (0L, 0.0);
        await foreach (var entry in server.Services.GetRequiredService<IEventLog>().ReadAfterAsync(0, cancellationToken))
        {
            if (entry.Change is not EventChange { Event: { RequestId: { } request } e } || !places.TryGetValue(request, out var shown)
                || !shown.Contains(entry.Item))
                continue;
            if (e.Type == EventType.Impression) reported[request] = reported.GetValueOrDefault(request) + 1;
            if (e.Type == EventType.Click) clicks++;
            revenue += e.Amount ?? 0;
        }
        var counted = server.Services.GetRequiredService<BusinessFigures>().Read(BusinessFigures.MostHours);
        return new
        {
            served = lists,
            records = places.Count,
            requests = counted.All.Requests,
            impressions = counted.All.Impressions,
            impressions_in_stores = places.Sum(list => reported.TryGetValue(list.Key, out var some) ? some : list.Value.Count),
            clicks = counted.All.Clicks,
            clicks_in_stores = clicks,
            revenue = Math.Round(counted.All.Revenue, 6),
            revenue_in_stores = Math.Round(revenue, 6),
            left_out = LeftOutNames.All.Zip(counted.LeftOut).ToDictionary(reason => reason.First, reason => reason.Second),
        };
    }

    private sealed class JudgedPolicy(ServerPolicy inner, WorldServer server, Action<WorldServer, DateTimeOffset> judge) : IServingPolicy
    {
        public ServerPolicy Inner => inner;

        public string Name => inner.Name;

        public async ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
        {
            await inner.ServeAsync(request, list, cancellationToken);
            judge(server, request.Time);
        }

        public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken) => inner.ReportAsync(list, cancellationToken);
    }
}
