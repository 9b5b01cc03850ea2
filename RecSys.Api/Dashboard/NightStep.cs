namespace RecSys.Api.Dashboard;

/// <summary>A finished step.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Verdict">One line in words.</param>
/// <param name="Stopped">True: the night ended here.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record NightStep(string Step, string Verdict, bool Stopped, double Seconds, DateTimeOffset EndedAt);
