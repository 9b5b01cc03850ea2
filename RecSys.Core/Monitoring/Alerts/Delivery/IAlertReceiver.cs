using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>A kind of receiver: where it is and how it wants to be told.</summary>
internal interface IAlertReceiver
{
    /// <summary>Name and the level from which on it is told.</summary>
    AlertChannel Channel { get; }

    /// <summary>Where it answers, as configured.</summary>
    Uri Address { get; }

    /// <summary>The body of a message, JSON. Made when it is sent, since it may hold a key.</summary>
    byte[] Body(AlertMessage message);
}
