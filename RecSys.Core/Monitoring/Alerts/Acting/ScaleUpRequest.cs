using RecSys.Core.Monitoring.Autoscaling;

namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>Asks for more servers where they help.</summary>
internal sealed class ScaleUpRequest(ScaleUpSignal signal) : IAlertAction
{
    public string Name => "scale_up";

    public Task<string?> ActAsync(RedAlert red, CancellationToken cancellationToken)
    {
        var causes = red.Alerts.Where(alert => alert.Rule.ScalesUp).Select(alert => alert.Rule.Name).ToList();
        if (causes.Count == 0) return Task.FromResult<string?>(null);
        signal.Raise($"red: {string.Join(", ", causes)}");
        return Task.FromResult<string?>("asked for more servers; GET /monitoring/autoscaling says how many are wanted");
    }
}
