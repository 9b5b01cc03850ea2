namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Names of levels, as they are stored and shown.</summary>
public static class AlertLevels
{
    /// <summary>The name of a level.</summary>
    public static string Name(this AlertLevel level) => level switch
    {
        AlertLevel.Green => "green",
        AlertLevel.Yellow => "yellow",
        AlertLevel.Red => "red",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "No level of an alert."),
    };
}
