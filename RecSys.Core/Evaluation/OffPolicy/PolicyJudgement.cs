using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>What one policy would have earned by another one's log.</summary>
/// <param name="Scenario">Named placement; empty for the default one.</param>
/// <param name="Behaviour">The policy that served.</param>
/// <param name="Target">The judged one.</param>
/// <param name="TargetFrom">Where its probabilities come from.</param>
/// <param name="Report">The estimates, or why there are none.</param>
/// <param name="Truth">What the judged policy earned where it served itself; null where it never did.</param>
public sealed record PolicyJudgement(
    string Scenario, string Behaviour, string Target, string TargetFrom, OffPolicyReport Report, Estimate? Truth)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Distance of an estimate to the truth as a share of it; null without one.</summary>
    public double? RelativeError(OffPolicyEstimate estimate) =>
        Truth is { Value: > 0 } truth ? Math.Abs(estimate.Value.Value - truth.Value) / truth.Value : null;

    /// <summary>Indented JSON, an array.</summary>
    public static string ToJson(IReadOnlyList<PolicyJudgement> judgements) => JsonSerializer.Serialize(judgements.Select(each => new
    {
        each.Scenario, each.Behaviour, each.Target, each.TargetFrom, each.Report.Decisions, each.Report.Clusters, each.Report.Cluster,
        each.Report.EffectiveSampleSize, each.Report.MeanWeight, each.Report.LargestWeight, each.Report.CutShare,
        each.Report.LoggedValue, each.Truth,
        Estimates = each.Report.Estimates.Select(estimate => new
        {
            estimate.Estimator, estimate.Value, estimate.Gain, RelativeError = each.RelativeError(estimate),
        }),
        each.Report.Refusal,
    }), Indented);

    /// <summary>As text; values are clicks per 1,000 places.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        var where = Scenario.Length == 0 ? "" : $"{Scenario}: ";
        Line(text, $"{where}{Target} judged by the log of {Behaviour} (probabilities: {TargetFrom}); clicks per 1,000 places");
        var (weight, cut) = (Report.MeanWeight.Value, Report.CutShare);
        var of = NameOf(Report.Cluster);
        Line(text, $"  {Report.Decisions} places of {Report.Clusters} {of}, worth {Report.EffectiveSampleSize:F0} of its own");
        Line(text, $"  mean weight {weight:F3}, largest {Report.LargestWeight:F1}, {cut:P1} cut");
        Line(text, $"  {"policy / estimator",-24} {"value",8}  {"95 % interval",18}  {"relative error",14}");
        Row(text, $"{Behaviour} as served", Report.LoggedValue, null);
        if (Truth is { } truth) Row(text, $"{Target} as served", truth, null);
        foreach (var estimate in Report.Estimates) Row(text, NameOf(estimate.Estimator), estimate.Value, RelativeError(estimate));
        if (Report.Refusal is { } refusal) Line(text, $"  No estimate: {refusal}");
        return text.ToString();
    }

    /// <summary>Short name, as in tables.</summary>
    public static string NameOf(OffPolicyEstimator estimator) => estimator switch
    {
        OffPolicyEstimator.Ips => "IPS",
        OffPolicyEstimator.Snips => "SNIPS",
        OffPolicyEstimator.DirectMethod => "DM",
        OffPolicyEstimator.DoublyRobust => "DR",
        OffPolicyEstimator.SwitchDoublyRobust => "switch-DR",
        _ => estimator.ToString(),
    };

    /// <summary>What is drawn as one, in the plural.</summary>
    internal static string NameOf(OffPolicyCluster cluster) => cluster == OffPolicyCluster.User ? "users" : "lists";

    private static void Row(StringBuilder text, string name, Estimate value, double? error)
    {
        var interval = FormattableString.Invariant($"{1000 * value.Low:F3} to {1000 * value.High:F3}");
        var far = error is { } share ? FormattableString.Invariant($"{share:P1}") : "";
        Line(text, $"  {name,-24} {1000 * value.Value,8:F3}  {interval,18}  {far,14}");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');
}
