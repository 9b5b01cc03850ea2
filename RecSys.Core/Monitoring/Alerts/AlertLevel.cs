namespace RecSys.Core.Monitoring.Alerts;

/// <summary>How urgent it is. The order counts: a later one is worse.</summary>
public enum AlertLevel
{
    /// <summary>Nothing to do.</summary>
    Green = 0,

    /// <summary>Somebody should look today.</summary>
    Yellow = 1,

    /// <summary>Somebody must look now, and what can be done without a person is done.</summary>
    Red = 2,
}
