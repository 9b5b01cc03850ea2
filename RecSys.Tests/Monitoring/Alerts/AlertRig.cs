using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Commands.Bench.Alerts;
using RecSys.Core.Events;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Acting;
using RecSys.Core.Monitoring.Alerts.Delivery;
using RecSys.Core.Monitoring.Alerts.Keeping;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>
/// Alerts as the server wires them, over a real registry of models and a real receiver, on the clock of the test. What rules read is the
/// test's.
/// </summary>
internal sealed class AlertRig : IAsyncDisposable
{
    public const string SlackPath = "/slack/secret-hook", PagerDutyPath = "/v2/enqueue", RoutingKey = "secret-routing-key";

    /// <summary>Time between two looks, as by default.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder? own;
    private readonly string folder;
    private readonly HttpClient http = ReceiverHttp.Create(allowPrivate: true);
    private readonly Dictionary<string, Func<AlertReading?>> reads = new(StringComparer.Ordinal);
    private readonly AlertActing acting;
    private readonly AlertMetrics metrics = new(new PlainMeters());
    private readonly UndeliveredFile undelivered;
    private readonly TimeSpan giveUp;

    private AlertRig(TemporaryFolder? own, string folder, PoolRig models, WebhookSink receiver, AlertOptions options)
    {
        (this.own, this.folder, Models, Receiver) = (own, folder, models, receiver);
        var slack = new SlackReceiver(new Uri(receiver.Address, SlackPath));
        var pagerDuty = new PagerDutyReceiver(new Uri(receiver.Address, PagerDutyPath), RoutingKey, "test-server");
        var settings = Options.Create(options);
        Signal = new ScaleUpSignal(Clock);
        Center = new AlertCenter(
            AlertRules.All.Select(rule => new AlertSource(rule.Name, () => reads.TryGetValue(rule.Name, out var read) ? read() : null)),
            [slack.Channel, pagerDuty.Channel], settings, new AlertFile(this["monitoring/alerts.json"]), Clock, CenterLog);
        acting = new AlertActing(
            Center,
            [
                new ModelRollback(models.Registry, models.Watcher, settings, Clock), new ScaleUpRequest(Signal),
                new PostMortemDraft(this["postmortems"], Center, models.Registry, settings, Clock),
            ],
            new AlertAuditor((incident, act) => Audited.Add((incident, act))), Clock, ActingLog);
        giveUp = TimeSpan.FromMinutes(options.GiveUpMinutes);
        undelivered = new UndeliveredFile(this["monitoring/alerts-undelivered.jsonl"]);
        (Slack, PagerDuty) = (SenderOf(slack, () => 0), SenderOf(pagerDuty, () => 0));
    }

    public PoolRig Models { get; }
    public WebhookSink Receiver { get; }
    public FakeTimeProvider Clock => Models.Clock;
    public AlertCenter Center { get; }
    public AlertSender Slack { get; }
    public AlertSender PagerDuty { get; }
    public ScaleUpSignal Signal { get; }
    public List<(string Incident, IncidentAct Act)> Audited { get; } = [];
    public ListLogger<AlertCenter> CenterLog { get; } = new();
    public ListLogger<AlertActing> ActingLog { get; } = new();
    public ListLogger<AlertSender> SenderLog { get; } = new();

    public AlertLevel Light => Center.Read().Light;

    public static async Task<AlertRig> StartAsync(AlertOptions? options = null)
    {
        var own = new TemporaryFolder();
        var receiver = await WebhookSink.StartAsync(TestContext.Current.CancellationToken);
        return new AlertRig(own, own.Path, new PoolRig(own["models"]), receiver, options ?? new AlertOptions());
    }

    /// <summary>A sender to a receiver.</summary>
    /// <param name="receiver">The receiver.</param>
    /// <param name="draw">Luck in pauses, 0 to 1.</param>
    public AlertSender SenderOf(IAlertReceiver receiver, Func<double> draw) =>
        new(receiver, Center, http, undelivered, giveUp, Clock, draw, metrics, SenderLog);

    /// <summary>Full path of an entry of the data folder.</summary>
    public string this[string name] => Path.Combine(folder, name);

    /// <summary>The same after a restart: everything that was in memory is gone.</summary>
    public AlertRig Restarted()
    {
        var again = new AlertRig(null, folder, Models, Receiver, new AlertOptions());
        foreach (var (rule, read) in reads) again.reads[rule] = read;
        return again;
    }

    /// <summary>From now on a rule reads this.</summary>
    public void Reads(AlertRule rule, Func<AlertReading?> read) => reads[rule.Name] = read;

    /// <summary>From now on a rule reads this value.</summary>
    public void Reads(AlertRule rule, double? value, string? detail = null) =>
        Reads(rule, () => value is { } known ? new AlertReading(known, detail) : null);

    public AlertLevel LevelOf(AlertRule rule) => Center.Read().Rules.Single(each => each.Rule == rule).State.Level;

    /// <summary>
    /// Lets time pass as the server does: a look every ten seconds, then what red sets in motion, then what is to be told.
    /// </summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Every)
        {
            Clock.Advance(Every);
            Center.Look();
            await acting.ActAsync(TestContext.Current.CancellationToken);
            await SendAsync();
        }
    }

    /// <summary>Lets time pass until the condition holds, and gives how long that took.</summary>
    public async Task<TimeSpan> PassUntilAsync(Func<bool> isMet, TimeSpan most)
    {
        for (var passed = TimeSpan.Zero; passed < most; passed += Every)
        {
            if (isMet()) return passed;
            await PassAsync(Every);
        }
        Assert.True(isMet(), $"It did not come about within {most}.");
        return most;
    }

    /// <summary>Sends what waits, until receivers have it or want a pause.</summary>
    public async Task SendAsync()
    {
        foreach (var sender in (AlertSender[])[Slack, PagerDuty])
        {
            while (await sender.SendNextAsync(TestContext.Current.CancellationToken) == TimeSpan.Zero)
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        acting.Dispose();
        if (own is null) return;
        await Receiver.DisposeAsync();
        Models.Dispose();
        own.Dispose();
    }
}
