namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>An action that failed and is tried again, also when its incident is over by then.</summary>
/// <param name="Action">Name of the action.</param>
/// <param name="Incident">The incident as it was when the action failed first.</param>
/// <param name="Alerts">The red alerts that set it in motion.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Since">When it failed first.</param>
/// <param name="Next">When it is tried next.</param>
/// <param name="Fault">What the last try failed with.</param>
public sealed record OwedAct(
    string Action, Incident Incident, IReadOnlyList<OwedAlert> Alerts, int Tries, DateTimeOffset Since, DateTimeOffset Next, string Fault)
{
    /// <summary>Tries before it is given up: with the pauses of <see cref="Pause"/> a day.</summary>
    public const int MostTries = 150;

    /// <summary>The longest pause between two tries.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);

    /// <summary>Pause behind so many tries, from 1 on: doubled each time.</summary>
    public static TimeSpan Pause(int tries) => GrowingPause.After(tries, FirstPause, LongestPause);

    /// <summary>True when it is to be tried now. A try that is later than any pause was planned before the clock was set back.</summary>
    public bool IsDue(DateTimeOffset now) => Next <= now || Next > now + LongestPause;
}
