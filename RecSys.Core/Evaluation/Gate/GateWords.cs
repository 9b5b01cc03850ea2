using static System.FormattableString;

namespace RecSys.Core.Evaluation.Gate;

/// <summary>Relative gains in words.</summary>
internal static class GateWords
{
    /// <summary>Such as <c>worse by 0.94% (-4.50% to +2.10%)</c>.</summary>
    /// <param name="gain">Above 0 where it is better, whichever way the metric goes.</param>
    public static string Change(Estimate gain) =>
        Invariant($"{(gain.Value < 0 ? "worse" : "better")} by {Math.Abs(gain.Value):0.00%} ({Range(gain)})");

    public static string Range(Estimate gain) => Invariant($"{gain.Low:+0.00%;-0.00%} to {gain.High:+0.00%;-0.00%}");
}
