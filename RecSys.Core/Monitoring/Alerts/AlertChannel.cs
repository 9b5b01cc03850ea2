namespace RecSys.Core.Monitoring.Alerts;

/// <summary>A receiver that is configured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Least">Only incidents of this level and worse go there.</param>
public sealed record AlertChannel(string Name, AlertLevel Least);
