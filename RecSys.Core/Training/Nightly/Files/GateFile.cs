using RecSys.Core.Evaluation.Gate;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>The decision with everything that it stands on, <c>gate.json</c>.</summary>
/// <param name="Champion">Version compared with; null for the first model.</param>
/// <param name="Challenger">What it is called.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Reasons">What decided it, in words.</param>
/// <param name="AucGain">Relative gain in AUC over the champion; null where there is none.</param>
/// <param name="Criteria">
/// Everything that was asked: with intervals of <see cref="Level"/> what must be better or surely not worse, of 0.95 what refuses harm.
/// </param>
internal sealed record GateFile(
    string? Champion, string Challenger, GateVerdict Verdict, IReadOnlyList<string> Reasons, double? AucGain,
    IReadOnlyList<GateFile.Criterion> Criteria)
{
    /// <summary>Coverage of the intervals that ask for more: the more challengers a night has, the wider they are.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>
    /// Lower end of the relative gain in AUC over what it was compared with, of that in NDCG@10 where there are no impressions; null where
    /// neither was measured. Of the challengers that pass, the one where it is highest is the best.
    /// </summary>
    public double? LeastGain { get; init; }

    public bool Passed => Verdict != GateVerdict.Refused;

    /// <summary>True where nothing was too good to be true.</summary>
    public bool WasPlausible => Criteria.All(one => one.Passed || !ModelGate.Plausibility.Contains(one.Name));

    public static GateFile Of(GateDecision decision, GateEvidence evidence, double level) => new(
        decision.Champion, decision.Challenger, decision.Verdict, decision.Reasons,
        decision.Champion is null ? null : evidence.Find(GateMetrics.Auc)?.Gain.Value,
        [.. decision.Criteria.Select(one =>
            new Criterion(one.Rule, one.Name, one.Passed, one.Value, one.Bound, one.Interval?.Low, one.Interval?.High, one.Reason))])
    {
        Level = level,
        LeastGain = evidence.Main?.Gain.Low,
    };

    /// <summary>See <see cref="GateCriterion"/>.</summary>
    internal sealed record Criterion(
        GateRule Rule, string Name, bool Passed, double Value, double Bound, double? Low, double? High, string Reason);
}
