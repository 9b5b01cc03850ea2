namespace RecSys.Core.Monitoring.Alerts;

/// <summary>On which side of its thresholds a value is bad.</summary>
public enum AlertDirection
{
    /// <summary>Bad from the threshold upwards.</summary>
    Above = 0,

    /// <summary>Bad from the threshold downwards.</summary>
    Below = 1,
}
