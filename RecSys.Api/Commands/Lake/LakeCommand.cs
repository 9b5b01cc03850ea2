using System.CommandLine;
using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;

namespace RecSys.Api.Commands.Lake;

/// <summary><c>lake</c>: writes closed days of log and served records as Parquet, lists them and checks them.</summary>
internal static class LakeCommand
{
    public static Command Create() =>
        new("lake", "Days of the log and of the served lists as Parquet files") { Export(), Verify(), List() };

    private static Command Export()
    {
        var through = CommonOptions.Day(
            "--through", "Last day to write; it is verified where it is there already. Every closed day when left out");
        var now = new Option<bool>("--now")
        {
            Description = "Close the present day of the log too, as it is; what comes later today belongs to the next day",
        };
        var command = new Command("export", "Write the days that are over (UTC) and not in the lake yet")
        {
            CommonOptions.Data, through, now,
        };
        command.SetAction(async (arguments, ct) =>
        {
            var dataFolder = arguments.GetValue(CommonOptions.Data)!;
            await using var database = await Databases.OpenExistingAsync(dataFolder, ct);
            var options = Settings.Lake();
            using var store = LakeStores.Open(options, dataFolder);
            var export = new LakeExport(store, LakeSource.Of(database), TimeProvider.System, options);
            LakeExportReport report;
            using (var progress = new ProgressDisplay())
            {
                await LogCatchUp.ResolveAsync(database, progress, ct);
                report = await export.RunAsync(
                    new LakeExportRequest { Through = arguments.GetValue(through), CloseToday = arguments.GetValue(now) }, progress, ct);
            }
            var console = arguments.InvocationConfiguration;
            LakePrinting.Print(console.Output, report.Written);
            console.Output.WriteLine(Summary(report, store));
            if (Closed(report) is { } closed) console.Output.WriteLine(closed);
            if (report.Waiting is null) return 0;
            console.Error.WriteLine($"error: {report.Waiting}");
            return 1;
        });
        return command;
    }

    private static Command Verify()
    {
        var from = CommonOptions.Day("--from", "First day; the first of the lake when left out");
        var to = CommonOptions.Day("--to", "Last day; the last of the lake when left out");
        var command = new Command("verify", "Check manifests, checksums and every row; exits with 1 when a day is not in order")
        {
            CommonOptions.Data, from, to,
        };
        command.SetAction(async (arguments, ct) =>
        {
            using var store = LakeStores.Open(Settings.Lake(), arguments.GetValue(CommonOptions.Data)!);
            var console = arguments.InvocationConfiguration;
            var verification = new LakeVerification(store);
            var (sound, faults) = (0, new List<string>());
            using (var progress = new ProgressDisplay())
            {
                foreach (var table in Enum.GetValues<LakeTable>())
                {
                    var report = await verification.RunAsync(table, arguments.GetValue(from), arguments.GetValue(to), progress, ct);
                    sound += report.Days.Count;
                    faults.AddRange(report.Faults);
                }
            }
            // A wrong folder or an empty range must not look like a sound lake.
            if (sound == 0 && faults.Count == 0)
                throw new RecSysException($"There is no day to verify in {store.Place}. Check --data, --from and --to, or write the days "
                    + "that are over with: lake export.");
            console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sound} days of {store.Place} are in order."));
            foreach (var fault in faults) console.Error.WriteLine($"error: {fault}");
            return faults.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "The days of the lake with positions, rows and sizes") { CommonOptions.Data };
        command.SetAction(async (arguments, ct) =>
        {
            var (options, dataFolder) = (Settings.Lake(), arguments.GetValue(CommonOptions.Data)!);
            using var store = LakeStores.Open(options, dataFolder);
            // A wrong folder must not look like an empty lake.
            if (options.Bucket.Address is null && !Directory.Exists(store.Place) && !Directory.Exists(dataFolder))
                throw new RecSysException($"There is no data folder {Path.GetFullPath(dataFolder)}, and no lake {store.Place}; name the "
                    + "folder that the lake belongs to with --data.");
            var (output, days) = (arguments.InvocationConfiguration.Output, await LakeListing.ReadAsync(store, ct));
            LakePrinting.Print(output, days);
            if (days.Count == 0) output.WriteLine($"The lake {store.Place} has no day yet. Write those that are over with: lake export.");
        });
        return command;
    }

    private static string? Closed(LakeExportReport report) => report.Closed is not { } day ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"The day {day.Day:yyyy-MM-dd} was closed before, at entry {day.LastPosition:#,0} of the log, and stays as it is. ")
        + (report.SinceClosed == 0 ? "Nothing has come since." : string.Create(
            CultureInfo.InvariantCulture,
            $"What has come since ({report.SinceClosed:#,0} entries) belongs to {day.Day.AddDays(1):yyyy-MM-dd} and is written with it."));

    private static string Summary(LakeExportReport report, ILakeStore store)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"Wrote {report.Written.Count} days, {report.Written.Sum(day => day.Rows):#,0} rows, to {store.Place}");
        if (report.Verified.Count > 0) text += $"; {report.Verified.Count} were there and are in order";
        if (report.Lost.Count > 0) text += $"; {report.Lost.Count} were published by another export meanwhile, whose files stay: run "
            + $"one at a time";
        return report.Torn > 0 ? $"{text}; removed {report.Torn} that had not been finished" : text;
    }
}
