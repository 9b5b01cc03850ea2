using System.Text.Json.Serialization;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>One figure of the challenger beside that of the model that it is compared with, in the form that is stored.</summary>
/// <param name="Metric">Such as <c>auc</c>.</param>
/// <param name="Before">Of the other one.</param>
/// <param name="After">Of the challenger.</param>
/// <param name="Low">Lower end of the difference's interval.</param>
/// <param name="High">Upper end of the difference's interval.</param>
/// <param name="HigherIsBetter">False for losses and times.</param>
/// <param name="Segment">Whom it was measured on; null for everybody.</param>
/// <param name="Rows">Test rows that it was measured on.</param>
internal sealed record JudgedDifference(
    string Metric, double Before, double After, double Low, double High, bool HigherIsBetter, string? Segment, int Rows)
{
    /// <summary>
    /// The interval of 95 % where <see cref="Low"/> and <see cref="High"/> are wider because of several challengers; null where they are
    /// it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Interval? Alone { get; init; }

    public MetricComparison ToComparison() =>
        new(Metric, Before, After, new Estimate(After - Before, Low, High), HigherIsBetter, Segment) { Alone = Alone };
}
