using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Machine;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>Measures every <see cref="Interval"/> and decides how many servers are wanted.</summary>
public sealed class ScalingJob : BackgroundService
{
    /// <summary>Time between two decisions.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // A mean of fewer requests says little.
    private const int LeastRequests = 20;

    // Of the mean latency, from where on reading users from the store is what takes the time.
    private const double StoreShare = 0.5;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), FiveMinutes = TimeSpan.FromMinutes(5);

    private readonly LatencyWindows windows;
    private readonly MachineWatch machine;
    private readonly ScaleUpSignal signal;
    private readonly IOptions<AutoscalingOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger<ScalingJob> logger;
    private readonly PeerCount peers;
    private volatile ScalingView view = new(ScalingState.First, null);

    internal ScalingJob(
        LatencyWindows windows, MachineWatch machine, ScaleUpSignal signal, PeerCount peers, IOptions<AutoscalingOptions> options,
        TimeProvider time, ILogger<ScalingJob> logger)
    {
        (this.windows, this.machine, this.signal, this.peers) = (windows, machine, signal, peers);
        (this.options, this.time, this.logger) = (options, time, logger);
    }

    /// <summary>The last decision and what it went by.</summary>
    public ScalingView View => view;

    /// <summary>Measures and decides once.</summary>
    public async Task DecideAsync(CancellationToken cancellationToken)
    {
        var window = windows.Read(Minute);
        if (window.Timed < LeastRequests) window = windows.Read(FiveMinutes);
        var health = machine.Read();
        var hasLatency = window.Timed >= LeastRequests;
        var store = window.Parts.First(part => part.Name == RequestParts.Names[(int)RequestPart.FeatureFetching]);
        var input = new ScalingInput(
            await peers.ReadAsync(cancellationToken),
            hasLatency ? window.Total.Mean / 1e6 : null,
            health.Span >= MachineWatch.Interval ? health.ProcessorShare : null,
            hasLatency && store.Mean > StoreShare * window.Total.Mean,
            signal.Reason is not null);
        var before = view.State;
        var after = ScalingPolicy.Decide(options.Value, before, input, time.GetUtcNow());
        if (after.Changed != before.Changed && after.Desired > (before.Desired ?? 0)) signal.Clear();
        view = new ScalingView(after, input);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        MonitoringTurns.Of("decision on servers", Interval, time, logger).RunAsync(DecideAsync, stoppingToken);
}
