namespace RecSys.Api.Dashboard;

/// <summary>Reply of <c>GET /dashboard/nights</c>.</summary>
/// <param name="Steps">Names of all steps, in order.</param>
/// <param name="Nights">Newest first.</param>
public sealed record NightList(IReadOnlyList<string> Steps, IReadOnlyList<NightEntry> Nights);
