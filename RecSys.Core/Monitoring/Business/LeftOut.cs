namespace RecSys.Core.Monitoring.Business;

/// <summary>Why something that came is in no figure. Values are stored; append only.</summary>
public enum LeftOut
{
    /// <summary>The event names a request that was not answered here, whose record was dropped or is expired.</summary>
    UnknownRequest,

    /// <summary>The event's item was not in the list that it names.</summary>
    NotInList,

    /// <summary>The list is older than what is kept.</summary>
    TooOld,

    /// <summary>Money in another currency; the event counts, its money does not.</summary>
    OtherCurrency,
}
