namespace RecSys.Core.Monitoring.Alerts;

/// <summary>What a rule reads. Several sources of one rule are an error; a rule without one has no data.</summary>
/// <param name="Rule">Name of an <see cref="AlertRule"/>.</param>
/// <param name="Read">Quick and without waiting; null when there is nothing to judge, such as too little traffic.</param>
public sealed record AlertSource(string Rule, Func<AlertReading?> Read);
