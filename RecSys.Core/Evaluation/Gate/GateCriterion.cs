namespace RecSys.Core.Evaluation.Gate;

/// <summary>One thing that was asked of a challenger.</summary>
/// <param name="Rule">Which rule asks: <see cref="GateRule.Always"/> for what no rule forgoes.</param>
/// <param name="Name">Such as <c>auc_gain</c>.</param>
/// <param name="Passed">What came out; a criterion that could not be measured passes and says so.</param>
/// <param name="Value">What was measured; NaN where nothing was.</param>
/// <param name="Bound">What it was held against; NaN where there is no number.</param>
/// <param name="Interval">Of the value, where it has one.</param>
/// <param name="Reason">In words.</param>
public sealed record GateCriterion(
    GateRule Rule, string Name, bool Passed, double Value, double Bound, Estimate? Interval, string Reason);

/// <summary>Which way through the gate a criterion belongs to.</summary>
public enum GateRule
{
    /// <summary>Asked of every challenger.</summary>
    Always = 0,
    /// <summary>The challenger is better.</summary>
    Improve = 1,
    /// <summary>The challenger is as good, and the champion's knowledge is old.</summary>
    Refresh = 2,
    /// <summary>There is no champion yet.</summary>
    First = 3,
}
