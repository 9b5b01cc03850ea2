namespace RecSys.Core.Evaluation.Gate;

/// <summary>One figure of champion and challenger on the same test rows.</summary>
/// <param name="Metric">Such as <c>auc</c>; see <see cref="GateMetrics"/>.</param>
/// <param name="Champion">Of the model that serves.</param>
/// <param name="Challenger">Of the new one.</param>
/// <param name="Difference">
/// Challenger minus champion with a paired interval over users, the wider the more challengers there are: what asks for more goes by it.
/// </param>
/// <param name="HigherIsBetter">False for losses and times.</param>
/// <param name="Segment">Whom it was measured on, such as <c>device=mobile</c>; null for everybody.</param>
public sealed record MetricComparison(
    string Metric, double Champion, double Challenger, Estimate Difference, bool HigherIsBetter = true, string? Segment = null)
{
    /// <summary>
    /// The interval of 95 % of the difference, whatever the number of challengers: what refuses harm goes by it. Unless given, that of
    /// <see cref="Difference"/>.
    /// </summary>
    public Interval? Alone { get; init; }

    /// <summary><see cref="Difference"/> with the interval that harm is told by.</summary>
    public Estimate DifferenceAlone => new(Difference.Value, Alone ?? Difference.Interval);

    /// <summary>
    /// How much better the challenger is, as a fraction of the champion's figure: positive is better for every metric. Where the champion's
    /// figure is 0, as a fraction of the challenger's; 0 where both are.
    /// </summary>
    public Estimate Gain => Relative(Difference);

    /// <summary><see cref="Gain"/> with the interval that harm is told by.</summary>
    public Estimate GainAlone => Relative(DifferenceAlone);

    private Estimate Relative(Estimate difference)
    {
        var scale = Champion != 0 ? Math.Abs(Champion) : Challenger != 0 ? Math.Abs(Challenger) : 1;
        return HigherIsBetter
            ? new Estimate(difference.Value / scale, difference.Low / scale, difference.High / scale)
            : new Estimate(-difference.Value / scale, -difference.High / scale, -difference.Low / scale);
    }
}
