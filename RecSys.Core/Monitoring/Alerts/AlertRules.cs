namespace RecSys.Core.Monitoring.Alerts;

/// <summary>
/// THE list of alerts. <c>deploy/prometheus/rules</c> says the same to a Prometheus outside, and a test holds the two together; another
/// holds the runbook to it. What each reads is registered with <see cref="AlertServices.AddAlertSource"/> beside what it watches.
/// </summary>
public static class AlertRules
{
    /// <summary>99th percentile of <c>GET /recommend</c>, from the first byte to the sent response.</summary>
    public static AlertRule Latency { get; } = new("latency_p99", 0.085, 0.150, "s", "Recommendations are slow")
    {
        Hold = TimeSpan.FromSeconds(30),
        ClearAfter = TimeSpan.FromMinutes(1),
        ModelCanCause = true,
        ScalesUp = true,
    };

    /// <summary>
    /// Share of requests for recommendations that failed or were shed, of all that were not refused because of what they were.
    /// </summary>
    public static AlertRule Errors { get; } = new("error_rate", 0.0005, 0.01, "share", "Requests for recommendations fail")
    {
        Hold = TimeSpan.FromSeconds(30),
        Hysteresis = 0.2,
        ClearAfter = TimeSpan.FromMinutes(1),
        ModelCanCause = true,
    };

    /// <summary>How much lower the click rate is than it was at this hour.</summary>
    public static AlertRule ClickRateDrop { get; } = new("ctr_drop", 0.3, 0.5, "share", "Users click less than they did")
    {
        Hold = TimeSpan.FromSeconds(30),
        ClearAfter = TimeSpan.FromMinutes(5),
        ModelCanCause = true,
    };

    /// <summary>Population stability index of the feature, or of the category mix, that moved most.</summary>
    public static AlertRule Drift { get; } = new("psi", 0.1, 0.2, "index", "What comes in is no longer what the model was trained on")
    {
        Hold = TimeSpan.FromSeconds(30),
        ClearAfter = TimeSpan.FromMinutes(5),
    };

    /// <summary>Processor time of the process, of what it may use.</summary>
    public static AlertRule Processor { get; } = new("cpu", 0.8, 0.95, "share", "The process has little processor time left")
    {
        Hold = TimeSpan.FromMinutes(5),
        ClearAfter = TimeSpan.FromMinutes(2),
        ScalesUp = true,
    };

    /// <summary>Memory of the process without mapped files, of what it may take.</summary>
    public static AlertRule Memory { get; } = new("memory", 0.85, 0.95, "share", "The process has little memory left")
    {
        Hold = TimeSpan.FromMinutes(1),
        Hysteresis = 0.05,
        ClearAfter = TimeSpan.FromMinutes(1),
    };

    /// <summary>Entries of the log that are written and not folded yet. Bulk loads pause at 5,000 by themselves.</summary>
    public static AlertRule EventLag { get; } = new("event_lag", 10_000, 100_000, "entries", "Recommendations fall behind what users do")
    {
        Hold = TimeSpan.FromMinutes(1),
        Hysteresis = 0.2,
        ClearAfter = TimeSpan.FromMinutes(1),
    };

    /// <summary>From the newest event that the champion was trained on to the newest time of the log.</summary>
    public static AlertRule StaleModel { get; } = new("stale_model", 2 * 86_400, 7 * 86_400, "s", "The champion is old")
    {
        Hysteresis = 0,
    };

    /// <summary>Share of replies that a fault or lack of time made worse.</summary>
    public static AlertRule Fallback { get; } = new("fallback_share", 0.01, 0.1, "share", "Replies are degraded")
    {
        Hold = TimeSpan.FromSeconds(30),
        Hysteresis = 0.2,
        ClearAfter = TimeSpan.FromMinutes(1),
        ModelCanCause = true,
    };

    /// <summary>
    /// 1 when the last nightly run failed. Never red: the champion serves on, and an old one is <see cref="StaleModel"/>.
    /// </summary>
    public static AlertRule Night { get; } = new("night_failed", 1, null, "nights", "The nightly training failed");

    /// <summary>Share of the last night's events that were fit to learn from; below 90 % the night stops.</summary>
    public static AlertRule Quality { get; } = new("quality_rate", 0.95, 0.9, "share", "Many incoming events are not fit to learn from")
    {
        Direction = AlertDirection.Below,
        Hysteresis = 0,
    };

    /// <summary>Share of the data folder's volume that is free.</summary>
    public static AlertRule Disk { get; } = new("disk_free", 0.1, 0.05, "share", "The disk of the data folder is nearly full")
    {
        Direction = AlertDirection.Below,
    };

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<AlertRule> All { get; } =
        [Latency, Errors, ClickRateDrop, Drift, Processor, Memory, EventLag, StaleModel, Fallback, Night, Quality, Disk];
}
