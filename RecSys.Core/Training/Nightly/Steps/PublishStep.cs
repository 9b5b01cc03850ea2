using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>Publishes the challenger where the gate lets it through; otherwise the registry stays as it is.</summary>
internal sealed class PublishStep : INightStep
{
    public const string StepName = "publish";

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [RankerStep.StepName, EvaluateStep.StepName, GateStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var gate = await NightJson.ReadAsync<GateFile>(night.Folder[NightFiles.Gate], ct);
        var evaluation = await NightJson.ReadAsync<NightEvaluation>(night.Folder[NightFiles.Evaluation], ct);
        var before = evaluation.Serving;
        var publication = gate.Passed
            ? await new NightPublication(night).PublishAsync(before, ct) : new PublicationFile(null, Champion: false, before);
        await NightJson.WriteAsync(night.Folder[NightFiles.Publication], publication, ct);
        return new StepOutcome(
            publication switch
            {
                { Version: null } => $"nothing: the gate refused the new model, {before ?? "no model"} serves on",
                { Champion: true } => $"{publication.Version} is the champion{(before is null ? "" : $", {before} was")}",
                _ => $"{publication.Version} is published and waits for its promotion (Rollout:Mode), {before ?? "no model"} serves on",
            },
            [NightFiles.Publication]);
    }
}
