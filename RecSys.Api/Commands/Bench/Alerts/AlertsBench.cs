using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Api.Commands.Simulating;
using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>
/// <c>bench alerts</c>: how long it takes in real time until a fault shows, is told, and is told to be over. For each of
/// <see cref="InjectedFault.All"/> a server runs over a copy of the data with the usual settings of alerts, is asked for lists all the
/// time, and has the fault until its light is red. One JSON object per fault.
/// </summary>
internal static class AlertsBench
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), MostWait = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var command = new Command("alerts", "Seconds from a fault to its light, its message and its end, in real time; takes root")
        {
            CommonOptions.Data,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var data = arguments.GetValue(CommonOptions.Data)!;
            var users = (await BenchWorld.ReadAsync(data, cancellationToken)).Users;
            foreach (var fault in InjectedFault.All)
            {
                await arguments.InvocationConfiguration.Output.WriteLineAsync(
                    JsonSerializer.Serialize(await MeasureAsync(fault, data, users, cancellationToken)));
            }
        });
        return command;
    }

    private static async Task<object> MeasureAsync(InjectedFault fault, string data, string[] users, CancellationToken cancellationToken)
    {
        var bytes = new DirectoryInfo(data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        using var disk = SmallDisk.Mount(2 * bytes + (256 << 20));
        var folder = Path.Combine(disk.Path, "data");
        FolderCopy.Make(data, folder);
        await using var sink = await WebhookSink.StartAsync(cancellationToken);
        string[] settings =
        [
            $"Alerts:SlackUrl={sink.ChatUrl}", $"Alerts:PagerDutyUrl={sink.PagerUrl}", "Alerts:PagerDutyRoutingKey=bench",
            "Shutdown:DelaySeconds=0", .. fault.Settings,
        ];
        await using var server = await ServerProcess.StartAsync(
            folder, cancellationToken, [.. settings.SelectMany(setting => (string[])["--set", setting])]);
        await using var load = new SteadyLoad(server.Address, users, InjectedFault.UsualRate);
        using var admin = new HttpClient { BaseAddress = server.Address };
        admin.DefaultRequestHeaders.Authorization = BenchToken.Of(TimeSpan.FromHours(2), Scopes.Admin);
        // Until the rule has something to judge.
        await UntilAsync(admin, fault.Rule, level => level == "green", cancellationToken);

        var begun = Stopwatch.GetTimestamp();
        await using (fault.Begin(server, load, folder))
        {
            await UntilAsync(admin, fault.Rule, level => level == "red", cancellationToken);
            await WaitAsync(() => sink.Messages.Any(told => told.IsPager), cancellationToken);
        }
        var light = Stopwatch.GetElapsedTime(begun);
        var ended = Stopwatch.GetTimestamp();
        await UntilAsync(admin, fault.Rule, level => level == "green", cancellationToken);
        var clear = Stopwatch.GetElapsedTime(ended);
        await WaitAsync(() => sink.Messages.Any(told => told.Text == "resolve"), cancellationToken);
        // Whatever is told too often comes by then.
        await Task.Delay(TimeSpan.FromSeconds(30), cancellationToken);
        var drafts = Path.Combine(folder, "postmortems");
        return new
        {
            bench = "alerts",
            fault = fault.Name,
            rule = fault.Rule,
            told_after_s = Math.Round(Stopwatch.GetElapsedTime(begun, sink.Messages.First(told => told.IsPager).At).TotalSeconds, 1),
            light_and_message_s = Math.Round(light.TotalSeconds, 1),
            clear_s = Math.Round(clear.TotalSeconds, 1),
            pages = sink.Messages.Where(told => told.IsPager).Select(told => told.Text),
            chats = sink.Messages.Where(told => !told.IsPager).Select(told => told.Text),
            post_mortems = Directory.Exists(drafts) ? Directory.GetDirectories(drafts).Length : 0,
        };
    }

    private static Task UntilAsync(HttpClient admin, string rule, Predicate<string?> wanted, CancellationToken cancellationToken) =>
        PollAsync(async () =>
        {
            using var report = JsonDocument.Parse(
                await admin.GetByteArrayAsync(new Uri("monitoring/alerts", UriKind.Relative), cancellationToken));
            return wanted(report.RootElement.GetProperty("rules").EnumerateArray()
                .Single(each => each.GetProperty("name").GetString() == rule).GetProperty("state").GetString());
        }, cancellationToken);

    private static Task WaitAsync(Func<bool> wanted, CancellationToken cancellationToken) =>
        PollAsync(() => Task.FromResult(wanted()), cancellationToken);

    private static async Task PollAsync(Func<Task<bool>> wanted, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(MostWait);
        while (!await wanted()) await Task.Delay(Look, patience.Token);
    }
}
