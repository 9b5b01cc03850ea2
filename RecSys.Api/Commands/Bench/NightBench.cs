using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench night</c>: writes a lake of any size and runs nights over it, each in a process of its own so that its memory is its own. One
/// JSON line a step: seconds, events of the window per second, largest working set of the process, and what the step counted, such as rows
/// offered and rows used. Settings are those of the program; <c>--set</c> and the environment change them
/// (<c>Training__MaxImpressions=4000000</c>).
/// </summary>
internal static class NightBench
{
    // List of ten, what follows it, and two lists a session on average.
    private const double EventsPerSession = 2 * 11.3;
    private const int Window = 7;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder; made anew unless --reuse", Required = true, HelpName = "folder" };
        var events = CommonOptions.InRange(new Option<int>("--events")
        {
            Description = "About so many events in a week", DefaultValueFactory = _ => 1_000_000,
        }, 100_000, 1_000_000_000);
        var users = CommonOptions.InRange(
            new Option<int>("--users") { Description = "Users", DefaultValueFactory = _ => 1_000_000 }, 500, 100_000_000);
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items", DefaultValueFactory = _ => 200_000 }, 1000, 15_000_000);
        var nights = CommonOptions.InRange(
            new Option<int>("--nights") { Description = "Nights, one a day", DefaultValueFactory = _ => 1 }, 1, 100);
        var reuse = new Option<bool>("--reuse") { Description = "Run the nights over what an earlier run left in the folder" };
        var command = new Command("night", "Write a lake of any size and run nights over it") { data, events, users, items, nights, reuse };
        command.SetAction((arguments, ct) =>
        {
            var world = new WorldOptions
            {
                Items = arguments.GetValue(items),
                Users = arguments.GetValue(users),
                Days = Window + arguments.GetValue(nights) - 1,
                SessionsPerUserPerDay = arguments.GetValue(events) / EventsPerSession / Window / arguments.GetValue(users),
            };
            return RunAsync(arguments.GetValue(data)!, world, arguments.GetValue(reuse), arguments.InvocationConfiguration.Output, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, WorldOptions world, bool reuse, TextWriter output, CancellationToken ct)
    {
        if (!reuse)
        {
            var start = Stopwatch.GetTimestamp();
            long written;
            using (var progress = new ProgressDisplay()) written = await NightLake.WriteAsync(world, folder, progress, ct);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            output.WriteLine(JsonSerializer.Serialize(new
            {
                bench = "night", step = "write", events = written, items = world.Items, users = world.Users, days = world.Days,
                seconds = Math.Round(seconds, 1), events_per_s = Math.Round(written / seconds),
            }));
            // The nights need the memory.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        }
        for (var day = Window - 1; day < world.Days; day++)
        {
            var code = await NightAsync(folder, DateOnly.FromDateTime(world.Start.AddDays(day).UtcDateTime), output, ct);
            if (code != 0) return code;
        }
        return 0;
    }

    private static async Task<int> NightAsync(string folder, DateOnly day, TextWriter output, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        var name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var argument in (string[])[typeof(NightBench).Assembly.Location, "train", "nightly", "--data", folder, "--from", "lake",
            "--day", name, "--now", $"{day.AddDays(1):yyyy-MM-dd}T03:00:00Z"])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        ChildSettings.Give(start, Settings.Assigned);
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new RecSysException("The night could not be started.");
        try
        {
            while (await process.StandardOutput.ReadLineAsync(ct) is { } line) await Console.Error.WriteLineAsync(line);
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var night = (await new NightArchive(folder).ReadAsync(int.MaxValue, ct))
            .FirstOrDefault(night => night.Day == day && night.Done.Count > 0)
            ?? throw new RecSysException("The night ended before its first step was done; what it said stands above.");
        var events = night.Done[0].Counts["events"];
        foreach (var step in night.Done)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                bench = "night", day = name, step = step.Step, seconds = Math.Round(step.Seconds, 1),
                cpu_s = Math.Round(step.CpuSeconds, 1),
                events_per_s = Math.Round(events / Math.Max(step.Seconds, 0.001)), peak_mb = step.PeakMemoryBytes >> 20,
                counts = step.Counts, verdict = step.Verdict,
            }));
        }
        output.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "night", day = name, step = "all", seconds = Math.Round(seconds, 1),
            cpu_s = Math.Round(night.Done.Sum(step => step.CpuSeconds), 1), events,
            events_per_s = Math.Round(events / seconds), peak_mb = night.Done.Max(step => step.PeakMemoryBytes) >> 20,
            exit_code = process.ExitCode,
        }));
        return process.ExitCode;
    }
}
