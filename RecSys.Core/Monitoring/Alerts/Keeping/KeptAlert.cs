namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>A rule that is not green.</summary>
/// <param name="Level">Its level.</param>
/// <param name="Since">Since when.</param>
/// <param name="Began">When its trouble began.</param>
/// <param name="Value">The last value.</param>
public sealed record KeptAlert(AlertLevel Level, DateTimeOffset Since, DateTimeOffset Began, double? Value);
