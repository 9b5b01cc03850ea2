using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>Decides whether the challenger may go towards users. A refusal is a normal night.</summary>
internal sealed class GateStep : INightStep
{
    public const string StepName = "gate";

    // As many shifted features as a person reads.
    private const int MostDrifted = 10;

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [EvaluateStep.StepName, SkewStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var evaluation = await NightJson.ReadAsync<NightEvaluation>(night.Folder[NightFiles.Evaluation], ct);
        var skew = await NightJson.ReadAsync<SkewFile>(night.Folder[NightFiles.Skew], ct);
        var evidence = EvidenceOf(evaluation, night.Options.Nightly.DriftIndex) with
        {
            Skewed = skew.Requests == 0 ? null : skew.Skewed,
            PastAucGains = await PastGainsAsync(night.Folder, night.Run.Day, ct),
        };
        var decision = ModelGate.Decide(evidence, night.Options.Gate);
        var file = GateFile.Of(decision, evidence);
        await NightJson.WriteAsync(night.Folder[NightFiles.Gate], file, ct);
        return new StepOutcome($"{file.Verdict.ToString().ToLowerInvariant()}: {string.Join("; ", file.Reasons)}", [NightFiles.Gate])
        {
            Text = ComparisonTable.Of(evaluation, file) + "\n" + decision.ToText(),
        };
    }

    /// <summary>What the gate is asked, out of what was measured.</summary>
    internal static GateEvidence EvidenceOf(NightEvaluation evaluation, double driftIndex) => new()
    {
        Champion = evaluation.Champion,
        Challenger = JudgedModel.Challenger,
        Metrics = [.. evaluation.Metrics.Select(difference => difference.ToComparison())],
        Segments = evaluation.Champion is null ? [] : [.. evaluation.Segments.Select(difference => difference.ToComparison())],
        Found = evaluation.Found?.ToComparison(),
        ChampionAge = TimeSpan.FromDays(evaluation.ChampionAgeDays),
        Drifted =
        [
            .. evaluation.Drift.Where(drift => !drift.FromModel && drift.Index > driftIndex).Take(MostDrifted)
                .Select(drift => drift.Feature),
        ],
        BestFeature = evaluation.BestFeature is { } feature ? (feature, evaluation.BestFeatureAuc) : null,
        OffPolicyGain = evaluation.Explored?.Gain,
        OffPolicyRefusal = evaluation.Explored?.Refusal,
    };

    // Of the nights before whose gain was believed, whether it was enough or not: a leak that was refused must not become what is usual.
    internal static async Task<IReadOnlyList<double>> PastGainsAsync(NightFolder folder, DateOnly day, CancellationToken ct)
    {
        var gains = new List<double>();
        foreach (var past in NightFolder.DaysOf(folder.All).Where(past => past < day))
        {
            var file = await NightJson.FindAsync<GateFile>(new NightFolder(folder.All, past)[NightFiles.Gate], ct);
            if (file?.AucGain is { } gain && double.IsFinite(gain) && file.WasPlausible) gains.Add(gain);
        }
        return gains;
    }
}
