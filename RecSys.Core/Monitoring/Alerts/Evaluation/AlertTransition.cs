namespace RecSys.Core.Monitoring.Alerts.Evaluation;

/// <summary>A rule whose level changed at a look.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="From">The level before.</param>
/// <param name="State">The state from then on.</param>
public sealed record AlertTransition(AlertRule Rule, AlertLevel From, RuleState State)
{
    /// <summary>True when it got worse.</summary>
    public bool IsRaise => State.Level > From;
}
