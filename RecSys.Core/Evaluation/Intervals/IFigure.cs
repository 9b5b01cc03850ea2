namespace RecSys.Core.Evaluation.Intervals;

/// <summary>A figure of a report as a function of how often each unit, a user, counts.</summary>
internal interface IFigure
{
    /// <param name="weights">One per unit, at least 0; all ones give the figure itself.</param>
    /// <returns>NaN where no unit that has a value counts.</returns>
    double Of(ReadOnlySpan<double> weights);
}
