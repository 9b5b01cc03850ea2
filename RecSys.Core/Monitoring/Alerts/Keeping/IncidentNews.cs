namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>Something to tell of an incident.</summary>
/// <param name="Incident">As it is now.</param>
/// <param name="Level">For a beginning: the worst level of what is told; for an end: the worst that was told.</param>
/// <param name="Rules">Names of the rules that it is about.</param>
/// <param name="IsResolve">True when it is over.</param>
internal sealed record IncidentNews(Incident Incident, AlertLevel Level, IReadOnlyList<string> Rules, bool IsResolve);
