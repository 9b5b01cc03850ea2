using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Api.Commands.Simulating;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;

namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>
/// <c>bench alerts</c>: how long it takes in real time until a fault shows, is told, and is told to be over. For each of
/// <see cref="InjectedFault.All"/> a server runs over a copy of the data with the usual settings of alerts, is asked for lists all the
/// time, and has the fault until its light is red. One JSON object per fault.
/// </summary>
internal static class AlertsBench
{
    private const string Chat = "/chat", Pager = "/pager";

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
            $"Alerts:SlackUrl={new Uri(sink.Address, Chat)}", $"Alerts:PagerDutyUrl={new Uri(sink.Address, Pager)}",
            "Alerts:PagerDutyRoutingKey=bench",
            "Shutdown:DelaySeconds=0",
        ];
        await using var server = await ServerProcess.StartAsync(
            folder, cancellationToken, [.. settings.SelectMany(setting => (string[])["--set", setting])]);
        await using var load = new SteadyLoad(server.Address, users, InjectedFault.UsualRate);
        using var admin = new HttpClient { BaseAddress = server.Address };
        admin.DefaultRequestHeaders.Authorization = BenchToken.Of(TimeSpan.FromHours(2), Scopes.Admin);
        // Until the rule has something to judge.
        await UntilAsync(admin, fault, "green", cancellationToken);

        var begun = Stopwatch.GetTimestamp();
        await using (fault.Begin(server, folder))
        {
            await UntilAsync(admin, fault, "red", cancellationToken);
            await ToldAsync(sink, fault, "trigger", cancellationToken);
        }
        var light = Stopwatch.GetElapsedTime(begun);
        var ended = Stopwatch.GetTimestamp();
        await UntilAsync(admin, fault, "green", cancellationToken);
        var clear = Stopwatch.GetElapsedTime(ended);
        await ToldAsync(sink, fault, "resolve", cancellationToken);
        // Whatever is told too often comes by then.
        await Task.Delay(TimeSpan.FromSeconds(30), cancellationToken);
        var drafts = Path.Combine(folder, "postmortems");
        return new
        {
            bench = "alerts",
            fault = fault.Name,
            rule = fault.Rule,
            told_after_s = Math.Round(Stopwatch.GetElapsedTime(begun, sink.PostsTo(Pager)[0].At).TotalSeconds, 1),
            light_and_message_s = Math.Round(light.TotalSeconds, 1),
            clear_s = Math.Round(clear.TotalSeconds, 1),
            pages = Told(sink, Pager, "event_action"),
            chats = Told(sink, Chat, "text"),
            post_mortems = Directory.Exists(drafts) ? Directory.GetDirectories(drafts).Length : 0,
        };
    }

    private static Task UntilAsync(HttpClient admin, InjectedFault fault, string level, CancellationToken cancellationToken) =>
        PollAsync($"the alert {fault.Rule} was not {level}", fault, async () =>
        {
            using var report = JsonDocument.Parse(
                await admin.GetByteArrayAsync(new Uri("monitoring/alerts", UriKind.Relative), cancellationToken));
            return report.RootElement.GetProperty("rules").EnumerateArray()
                .Single(rule => rule.GetProperty("name").GetString() == fault.Rule).GetProperty("state").GetString() == level;
        }, cancellationToken);

    private static Task ToldAsync(WebhookSink sink, InjectedFault fault, string action, CancellationToken cancellationToken) =>
        PollAsync($"the pager got no {action}", fault,
            () => Task.FromResult(Told(sink, Pager, "event_action").Contains(action)), cancellationToken);

    // Action of each event, or heading of each message.
    private static IEnumerable<string?> Told(WebhookSink sink, string path, string name) =>
        sink.BodiesTo(path).Select(body => body.GetProperty(name).GetString());

    private static async Task PollAsync(string missing, InjectedFault fault, Func<Task<bool>> wanted, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await wanted())
        {
            if (Stopwatch.GetElapsedTime(begun) > MostWait)
                throw new RecSysException($"bench alerts, {fault.Name}: {missing} within {MostWait.TotalMinutes:0} minutes. Try again on a "
                    + "machine with nothing else to do; where it stays, the alert does not work.");
            await Task.Delay(Look, cancellationToken);
        }
    }
}
