using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Alerts.Evaluation;

/// <summary>All rules with what they read and where they stand. Not thread-safe.</summary>
internal sealed class AlertBoard
{
    private readonly Dictionary<string, AlertSource> sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RuleState> states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ValueSeries> series = new(StringComparer.Ordinal);
    private readonly RepeatedReports unreadable;
    private readonly ILogger logger;

    /// <exception cref="InvalidOperationException">A source has no rule, or a rule has two.</exception>
    public AlertBoard(IEnumerable<AlertSource> sources, TimeProvider time, ILogger logger)
    {
        (this.logger, unreadable) = (logger, new RepeatedReports(time, TimeSpan.FromMinutes(10)));
        foreach (var source in sources)
        {
            if (AlertRules.All.All(rule => rule.Name != source.Rule))
                throw new InvalidOperationException($"There is no alert rule {source.Rule}.");
            if (!this.sources.TryAdd(source.Rule, source))
                throw new InvalidOperationException($"The alert rule {source.Rule} has two sources.");
        }
        foreach (var rule in AlertRules.All)
        {
            states[rule.Name] = RuleEvaluation.First(time.GetUtcNow());
            series[rule.Name] = new ValueSeries();
        }
    }

    /// <summary>The worst level of all rules.</summary>
    public AlertLevel Light => states.Values.Max(state => state.Level);

    public RuleState StateOf(string rule) => states[rule];

    /// <summary>What the rule read lately.</summary>
    public IReadOnlyList<ValuePoint> SeriesOf(string rule) => series[rule].Points;

    /// <summary>Takes a rule up where an earlier process left it.</summary>
    public void Restore(string rule, RuleState state)
    {
        // A rule may be gone in a newer program.
        if (states.ContainsKey(rule)) states[rule] = state;
    }

    /// <summary>Reads every source once.</summary>
    /// <returns>What changed, in the order of the rules.</returns>
    public List<AlertTransition> Look(DateTimeOffset now)
    {
        var changed = new List<AlertTransition>();
        foreach (var rule in AlertRules.All)
        {
            var before = states[rule.Name];
            var after = RuleEvaluation.Next(rule, before, Read(rule.Name), now);
            states[rule.Name] = after;
            if (after is { HasData: true, Value: { } value }) series[rule.Name].Add(now, value);
            if (after.Level != before.Level) changed.Add(new AlertTransition(rule, before.Level, after));
        }
        return changed;
    }

    // A source that fails has no data: one broken rule must not blind the others.
    private AlertReading? Read(string rule)
    {
        if (!sources.TryGetValue(rule, out var source)) return null;
        try
        {
            return source.Read();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            if (unreadable.IsDue($"{rule}: {fault.GetType().Name}", 1, out var times)) logger.AlertNotRead(rule, times, fault.Message);
            return null;
        }
    }
}
