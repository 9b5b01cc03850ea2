namespace RecSys.Core.Monitoring.Alerts;

/// <summary>What a source read.</summary>
/// <param name="Value">In the unit of the rule; a finite number.</param>
/// <param name="Detail">What a message should say beside it, such as the name of a feature; null for nothing.</param>
public sealed record AlertReading(double Value, string? Detail = null);
