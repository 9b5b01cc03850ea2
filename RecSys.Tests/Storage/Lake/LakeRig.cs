using DuckDB.NET.Data;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage.Lake;

/// <summary>A database and a lake in a folder, for one test.</summary>
internal sealed class LakeRig : IAsyncDisposable
{
    internal static readonly DateOnly FirstDay = DateOnly.FromDateTime(Sample.Noon.UtcDateTime);

    private readonly TemporaryFolder folder = new();
    private readonly Random random = new(1);

    private LakeRig(IStoreBackend database)
    {
        Database = database;
        Lake = new FolderLakeStore(Path);
    }

    internal IStoreBackend Database { get; }
    internal ILakeStore Lake { get; }

    /// <summary>Small files, so that days have several.</summary>
    internal LakeOptions Options { get; } = new() { RowsPerFile = 7 };

    internal string Path => folder["lake"];

    internal static async Task<LakeRig> OpenAsync() => new(await SqliteBackend.OpenAsync());

    /// <summary>The rows of a query by DuckDB, their values with spaces between; <c>-</c> for none.</summary>
    internal static async Task<List<string>> QueryAsync(string sql)
    {
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var values = Enumerable.Range(0, reader.FieldCount).Select(at => reader.IsDBNull(at) ? "-" : reader.GetValue(at));
            rows.Add(string.Join(' ', values));
        }
        return rows;
    }

    internal string FolderOf(int day, string table = "log") =>
        System.IO.Path.Combine(Path, table, $"day={FirstDay.AddDays(day):yyyy-MM-dd}");

    /// <summary>Files of a day, those of one sort or all.</summary>
    internal string[] Files(int day, string table = "log", string pattern = "*.parquet") =>
        [.. Directory.GetFiles(FolderOf(day, table), pattern).Order(StringComparer.Ordinal)];

    /// <summary>Sets the store's clock to so many days after the first one, at an hour.</summary>
    internal void At(int day, double hour) =>
        Database.Clock.SetUtcNow(LakeClock.StartOf(FirstDay.AddDays(day)).AddHours(hour));

    /// <summary>Records some contribution for most events, as the resolver does.</summary>
    internal async Task ResolveAsync()
    {
        var head = await Database.EventLog.ReadHeadAsync();
        var contributions = new List<(long, Contribution)>();
        foreach (var entry in await Database.EntriesAsync(head.Resolved))
        {
            if (entry.Change is not EventChange || random.Next(4) == 0) continue;
            contributions.Add((entry.Position, new Contribution((PlayKind)random.Next(4), random.NextSingle(), random.NextSingle() * 1e-20f,
                -random.NextSingle(), random.Next(3))));
        }
        Assert.True(await Database.EventLog.RecordAsync(head.Resolved, head.Position, contributions));
    }

    internal LakeExport Export() =>
        new(Lake, new LakeSource(Database.EventLog, Database.Contents, Database.ServedRecords), Database.Clock, Options);

    /// <summary>Resolves and exports.</summary>
    internal async Task<LakeExportReport> ExportAsync(LakeExportRequest? request = null)
    {
        await ResolveAsync();
        var report = await Export().RunAsync(request ?? new LakeExportRequest());
        Assert.Null(report.Waiting);
        return report;
    }

    internal async Task<LakeReader> ReaderAsync() => await LakeReader.OfAsync(Lake, Database.Contents);

    internal async Task<List<LogEntry>> EntriesAsync(int? from = null, int? to = null) => await (await ReaderAsync())
        .ReadEntriesAsync(from is { } first ? FirstDay.AddDays(first) : null, to is { } last ? FirstDay.AddDays(last) : null)
        .ToListAsync();

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Lake.Dispose();
        folder.Dispose();
    }
}
