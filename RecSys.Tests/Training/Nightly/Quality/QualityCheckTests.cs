using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Training.Nightly.Quality;

namespace RecSys.Tests.Training.Nightly.Quality;

public sealed class QualityCheckTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly QualityOptions Options = new() { BotEventsPerDay = 120, BotClicksPerMinute = 10, BotImpressions = 40 };

    [Fact]
    public async Task RunAsync_AWindowWithEveryFault_CountsWhatPlainSqlCounts()
    {
        var entries = Entries(seed: 7);

        var (report, rejected) = await RunAsync(entries);

        using var sql = Load(entries);
        var expected = sql.Query<(string Day, string Fault, long Events)>(Faults, SqlRules).ToArray();
        Assert.Equal(5, expected.Select(row => row.Fault).Distinct().Count());
        foreach (var day in report.Days)
        {
            var rows = expected.Where(row => row.Day == $"{day.Day:yyyy-MM-dd}").ToDictionary(row => row.Fault, row => row.Events);
            Assert.Equal(rows.Values.Sum(), day.Raw);
            Assert.Equal(rows.GetValueOrDefault("None"), day.Kept);
            foreach (var fault in Enum.GetValues<EventFault>().Where(fault => fault != EventFault.None))
                Assert.Equal(rows.GetValueOrDefault(fault.ToString()), day.Rejected.GetValueOrDefault(fault));
        }
        Assert.Equal(sql.Query<long>(Positions, SqlRules), rejected);
        Assert.Equal(expected.Where(row => row.Fault == "None").Sum(row => row.Events) / (double)(report.Raw), report.Rate, 1e-12);
        Assert.Equal(3, report.Bots);
    }

    [Fact]
    public async Task RunAsync_EventsOnUnknownItems_LowerTheRate()
    {
        var entries = Enumerable.Range(1, 90).Select(i => Entry(i, "u", Start.AddMinutes(i * 3), EventType.Impression)).ToList();

        var report = (await RunAsync(entries, unknown: 10)).Report;

        Assert.Equal((100, 90, 0.9), (report.Raw, report.Kept, report.Rate));
        Assert.Contains("on unknown items: 10", report.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ADayWithoutEventsAndOneWithAnotherSchema_AreRemarkedOn()
    {
        var entries = new List<LogEntry>();
        foreach (var day in new[] { 0, 1, 3 })
        {
            for (var i = 0; i < 30; i++)
                entries.Add(Entry(entries.Count + 1, $"u{i}", Start.AddDays(day).AddMinutes(i), EventType.Impression,
                    device: day == 3 ? null : "mobile"));
        }

        var report = (await RunAsync(entries, days: 4)).Report;

        Assert.Equal(
            ["2026-03-04 has no events.", "device is filled in for 0 % of the events of 2026-03-05, for 100 % on 2026-03-03."],
            report.Remarks);
    }

    [Fact]
    public async Task RunAsync_OneEventSentAgainAndAgain_MakesNobodyABotAndATakingBackIsNoRepetition()
    {
        var first = Entry(1, "u", Start, EventType.Click);
        var entries = Enumerable.Range(1, 500).Select(i => first with { Position = i }).ToList();
        var click = ((EventChange)first.Change).Event;
        entries.Add(first with { Position = 501, Change = new EventChange(click with { Meaning = EventMeaning.Undo }) });

        var report = (await RunAsync(entries)).Report;

        Assert.Equal((0, 499, 2), (report.Bots, report.Rejected(EventFault.Duplicate), report.Kept));
    }

    [Fact]
    public async Task RunAsync_SoundEvents_AreAllKeptWithoutARemark()
    {
        var entries =
            Enumerable.Range(0, 300).Select(i => Entry(i + 1, $"u{i % 20}", Start.AddMinutes(i * 14.4), EventType.Click)).ToList();

        var (report, rejected) = await RunAsync(entries);

        Assert.Equal(1, report.Rate);
        Assert.Empty(rejected);
        Assert.Empty(report.Remarks);
    }

    private static async Task<QualityResult> RunAsync(List<LogEntry> entries, long unknown = 0, int days = 3) =>
        await new QualityCheck(Options).RunAsync(
            entries.ToAsyncEnumerable(), Start, Start.AddDays(days), unknown, progress: null, TestContext.Current.CancellationToken);

    private static LogEntry Entry(
        long position, string user, DateTimeOffset time, EventType type, int item = 0, double? value = null, double? amount = null,
        int? place = null, string? device = "mobile", double receivedAfterSeconds = 1) =>
        new(position, time.AddSeconds(receivedAfterSeconds).ToUnixTimeMilliseconds(), item, new EventChange(new Event
        {
            Id = $"e{position}", UserId = user, ItemId = $"i{item}", Type = type, Time = time, Value = value, Amount = amount,
            Position = place, RequestId = "r", Device = device,
        }));

    // Plain people, three bots of one rule each, and faults strewn in.
    private static List<LogEntry> Entries(int seed)
    {
        var random = new Random(seed);
        var entries = new List<LogEntry>();
        EventType[] types = [EventType.Impression, EventType.Impression, EventType.Click, EventType.View, EventType.Rating];
        for (var i = 0; i < 4000; i++)
        {
            var type = types[random.Next(types.Length)];
            var fault = random.Next(40);
            Add($"u{random.Next(60)}", random.NextDouble() * 3 * 1440, type, random.Next(50),
                value: type switch { EventType.View => fault == 0 ? 90_000 : 12.5, EventType.Rating => fault == 1 ? -1 : 4, _ => null },
                amount: fault == 2 ? 5e6 : null, place: fault == 3 ? 20_000 : random.Next(20),
                late: fault == 4 ? -3600 : fault == 5 ? -300 : 1);
            if (random.Next(30) == 0) entries.Add(entries[^1] with { Position = entries.Count + 1 });
        }
        for (var i = 0; i < 125; i++) Add("busy", 1441 + i * 3, EventType.Impression, i % 50);
        for (var i = 0; i < 12; i++) Add("quick", 200 + i * 0.05, EventType.Click, i);
        for (var i = 0; i < 50; i++)
        {
            Add("eager", 100 + i * 40, EventType.Impression, i);
            Add("eager", 101 + i * 40, EventType.Click, i);
        }
        return entries;

        void Add(string user, double minute, EventType type, int item, double? value = null, double? amount = null, int? place = null,
            double late = 1) =>
            entries.Add(Entry(entries.Count + 1, user, Start.AddMinutes(minute), type, item, value, amount, place,
                receivedAfterSeconds: late));
    }

    private static SqliteConnection Load(List<LogEntry> entries)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        connection.Execute("""
            CREATE TABLE e (position INTEGER, user TEXT, item INTEGER, type INTEGER, happened INTEGER, received INTEGER, value REAL,
                amount REAL, place INTEGER, request TEXT)
            """);
        using var transaction = connection.BeginTransaction();
        connection.Execute("INSERT INTO e VALUES (@Position, @User, @Item, @Type, @Happened, @Received, @Value, @Amount, @Place, @Request)",
            entries.Select(entry => (entry, ((EventChange)entry.Change).Event)).Select(pair => new
            {
                pair.entry.Position, User = pair.Event.UserId, pair.entry.Item, Type = (int)pair.Event.Type,
                Happened = pair.Event.Time.ToUnixTimeMilliseconds(), Received = pair.entry.ReceivedMs, pair.Event.Value, pair.Event.Amount,
                Place = pair.Event.Position, Request = pair.Event.RequestId,
            }), transaction);
        transaction.Commit();
        return connection;
    }

    private static readonly object SqlRules = new
    {
        From = Start.ToUnixTimeMilliseconds(), To = Start.AddDays(3).ToUnixTimeMilliseconds(), Options.BotEventsPerDay,
        Options.BotClicksPerMinute, Options.BotImpressions, Options.BotClickShare,
    };

    private const string Judged = """
        WITH w AS (SELECT *, min(happened, received) AS t FROM e WHERE min(happened, received) >= @From AND min(happened, received) < @To),
        alone AS (SELECT *, CASE
            WHEN happened > received + 600000 THEN 'FutureTime'
            WHEN abs(amount) > 1000000 OR place > 10000 OR type = 6 AND value < 0 OR type = 2 AND (value < 0 OR value > 86400)
                THEN 'ValueOutOfRange' END AS fault FROM w),
        sound AS (SELECT *, row_number() OVER (
            PARTITION BY fault IS NULL, user, item, type, happened, value, amount, place, request ORDER BY position) AS time FROM alone),
        good AS (SELECT * FROM sound WHERE fault IS NULL AND time = 1),
        bots AS (
            SELECT user FROM good GROUP BY user, t / 86400000 HAVING count(*) > @BotEventsPerDay
            UNION SELECT user FROM good WHERE type = 1 GROUP BY user, t / 60000 HAVING count(*) > @BotClicksPerMinute
            UNION SELECT user FROM good GROUP BY user
                HAVING sum(type = 0) >= @BotImpressions AND sum(type = 1) > @BotClickShare * sum(type = 0)),
        judged AS (SELECT position, t, CASE
            WHEN fault IS NOT NULL THEN fault WHEN time > 1 THEN 'Duplicate' WHEN user IN (SELECT user FROM bots) THEN 'Bot'
            ELSE 'None' END AS fault FROM sound)

        """;

    private const string Faults =
        Judged + "SELECT date(t / 1000, 'unixepoch') AS Day, fault AS Fault, count(*) AS Events FROM judged GROUP BY 1, 2";

    private const string Positions = Judged + "SELECT position FROM judged WHERE fault <> 'None' ORDER BY position";
}
