namespace RecSys.Core.Monitoring.Business;

/// <summary>Money of one source.</summary>
/// <param name="Revenue">Refunds taken off.</param>
/// <param name="Events">Events that brought it, or took it back.</param>
public readonly record struct RevenueTotals(double Revenue, long Events)
{
    public static RevenueTotals operator +(RevenueTotals a, RevenueTotals b) => new(a.Revenue + b.Revenue, a.Events + b.Events);
}
