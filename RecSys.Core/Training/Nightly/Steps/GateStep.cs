using System.Text;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>Decides of each challenger whether it may go towards users. A refusal is a normal night.</summary>
internal sealed class GateStep : INightStep
{
    public const string StepName = "gate";

    // As many shifted features as a person reads.
    private const int MostDrifted = 10;

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [EvaluateStep.StepName, SkewStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var skew = await NightJson.ReadAsync<SkewFile>(night.Folder[NightFiles.Skew], ct);
        var past = await PastGainsAsync(night.Folder, night.Run.Day, ct);
        var (decided, text) = (new List<(Challenger Challenger, GateFile Gate)>(), new StringBuilder());
        foreach (var challenger in night.Challengers)
        {
            var evaluation = await NightJson.ReadAsync<NightEvaluation>(night.Folder[challenger[NightFiles.Evaluation]], ct);
            var evidence = EvidenceOf(evaluation, night.Options.Nightly.DriftIndex) with
            {
                Skewed = skew.Requests == 0 ? null : skew.Skewed,
                PastAucGains = past,
            };
            var decision = ModelGate.Decide(evidence, night.Options.Gate);
            var file = GateFile.Of(decision, evidence, evaluation.Level);
            await NightJson.WriteAsync(night.Folder[challenger[NightFiles.Gate]], file, ct);
            decided.Add((challenger, file));
            if (text.Length > 0) text.Append('\n');
            if (evaluation.Fault is null) text.Append(ComparisonTable.Of(evaluation, file)).Append('\n');
            text.Append(decision.ToText());
        }
        return new StepOutcome(VerdictOf(new NightDecisions(decided)), [.. decided.Select(one => one.Challenger[NightFiles.Gate])])
        {
            Text = text.ToString(),
        };
    }

    private static string VerdictOf(NightDecisions decisions)
    {
        if (decisions.All.Count == 1) return Of(decisions.All[0].Gate);
        var all = string.Join(" | ", decisions.All.Select(one => $"{one.Challenger.Name} {Of(one.Gate)}"));
        return decisions.Passed.Count > 1 ? $"{all} | best {decisions.Best!.Name}" : all;

        static string Of(GateFile gate) => $"{gate.Verdict.ToString().ToLowerInvariant()}: {string.Join("; ", gate.Reasons)}";
    }

    /// <summary>What the gate is asked, out of what was measured.</summary>
    internal static GateEvidence EvidenceOf(NightEvaluation evaluation, double driftIndex) => new()
    {
        Champion = evaluation.Champion,
        Challenger = evaluation.Challenger,
        Fault = evaluation.Fault,
        Metrics = [.. evaluation.Metrics.Select(difference => difference.ToComparison())],
        Segments = evaluation.Champion is null ? [] : [.. evaluation.Segments.Select(difference => difference.ToComparison())],
        Found = evaluation.Found?.ToComparison(),
        Reach = ReachOf(evaluation),
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

    private static (double Low, double Chance)? ReachOf(NightEvaluation evaluation) =>
        evaluation.Models.FirstOrDefault(model => model.Name == evaluation.Challenger)?.Intervals is { } own
            && own.TryGetValue(Figures.RecallAt500, out var found)
            && evaluation.Models.FirstOrDefault(model => model.Name == JudgedModel.Random)?.Values is { } drawn
            && drawn.TryGetValue(Figures.RecallAt500, out var chance) ? (found.Low, chance) : null;

    // Of the nights before whose gain was believed, whether it was enough or not: a leak that was refused must not become what is usual.
    // Every night has the first challenger, so that its gains are alike.
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
