namespace RecSys.Core.Monitoring.Alerts.Evaluation;

/// <summary>What a rule read at a moment.</summary>
public readonly record struct ValuePoint(DateTimeOffset At, double Value);
