using System.Diagnostics;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// Imports generated files, sound ones and damaged ones, into a store of its own and holds the reports against what was written: whatever
/// the file, it is imported or refused with a message, and each of its lines is a row stored, a row rejected, or part of one.
/// </summary>
internal sealed class ImportFuzzer : IAsyncDisposable
{
    private const int MostFaults = 20;

    private readonly string reader;
    private readonly Random random;
    private readonly DirectoryInfo folder;
    private readonly IDatabase database;
    private readonly FuzzFiles files;
    private readonly int seed;

    private ImportFuzzer(string reader, int seed, DirectoryInfo folder, IDatabase database)
    {
        (this.reader, this.seed, this.folder, this.database) = (reader, seed, folder, database);
        random = new Random(seed);
        files = new FuzzFiles(random, Path.Combine(folder.FullName, "source"));
    }

    internal static IReadOnlyList<string> Readers { get; } =
        ["csv", "csv.gz", "csv.zst", "jsonl", "json", "parquet", "movielens", "kuairand", "open-bandit", "recbole", "gorse", "metarank"];

    internal int Files { get; private set; }

    /// <summary>Files that were not refused.</summary>
    internal int Imported { get; private set; }

    internal long Rows { get; private set; }

    internal List<string> Faults { get; } = [];

    internal static async Task<ImportFuzzer> StartAsync(string reader, int seed, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("recsys-import-fuzz-");
        var database = await Databases.OpenAsync(Path.Combine(folder.FullName, "data"), ct);
        await database.Import.ImportAsync(
            [.. Enumerable.Range(0, 5).Select(i => new ItemPut(new Item { Id = $"{i}", Title = "t", Category = "c" }))], ct);
        return new ImportFuzzer(reader, seed, folder, database);
    }

    /// <summary>Goes on until so many files are through, the time is over or too much was found.</summary>
    internal async Task RunAsync(int most, TimeSpan time, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (Files < most && Stopwatch.GetElapsedTime(started) < time && Faults.Count < MostFaults)
        {
            ct.ThrowIfCancellationRequested();
            await TryAsync(ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task TryAsync(CancellationToken ct)
    {
        var kind = (RecordKind)random.Next(3);
        var file = files.Write(reader, kind);
        Files++;
        var before = await database.Contents.CountAsync(ct);
        try
        {
            var report = await ImportAsync(file, kind, ct);
            Imported++;
            Rows += report.Read;
            if (FuzzChecks.FindFault(report, file, kind, before, await database.Contents.CountAsync(ct)) is { } fault) Add(fault, file);
        }
        catch (RecSysException refused) when (refused.Message.Length is > 20 and < 2_000)
        {
            var after = await database.Contents.CountAsync(ct);
            if (after != before) Add($"refused, and still {after.Events - before.Events} events came in: {refused.Message}", file);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Add(failure.ToString(), file);
        }
    }

    private Task<ImportReport> ImportAsync(FuzzFile file, RecordKind kind, CancellationToken ct)
    {
        var target = new ImportTarget(database.Import, database.Contents, new ImportPace(database.EventLog, () => false,
            TimeProvider.System));
        var options = new ImportOptions(database.DataFolder) { MaxRejects = random.Next(8) == 0 ? 0.01 : 1, MostLineBreaks = 20 };
        return reader switch
        {
            "csv" or "csv.gz" or "csv.zst" => new RecordImporter(target, options).ImportAsync(RecordFormat.Csv, kind, [file.Path], null,
                ct),
            "jsonl" or "json" => new RecordImporter(target, options).ImportAsync(RecordFormat.Json, kind, [file.Path], null, ct),
            "parquet" => new RecordImporter(target, options).ImportAsync(RecordFormat.Parquet, kind, [file.Path], null, ct),
            "movielens" => new MovieLensImporter(target, options).ImportAsync(file.Path, null, ct),
            "kuairand" => new KuaiRandImporter(target, options).ImportAsync(file.Path, null, ct),
            "open-bandit" => new OpenBanditImporter(target, options, database.ServedRecords, database.EventLog)
                .ImportAsync(file.Path, null, ct),
            "recbole" => new RecBoleImporter(target, options).ImportAsync(file.Path, null, ct),
            "gorse" => new GorseImporter(target, options).ImportAsync([file.Path], null, ct),
            _ => new MetarankImporter(target, options).ImportAsync([file.Path], null, ct),
        };
    }

    // With what it takes to see it again.
    private void Add(string fault, FuzzFile file) => Faults.Add(string.Create(CultureInfo.InvariantCulture,
        $"{reader}, seed {seed}, file {Files}: {fault}\n{file.Sample}"));
}
