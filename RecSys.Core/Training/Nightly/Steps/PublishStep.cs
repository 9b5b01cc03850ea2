using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Publishes the challenger where the gate lets it through, or in its place what was refitted and passed; otherwise the registry stays as
/// it is.
/// </summary>
internal sealed class PublishStep : INightStep
{
    public const string StepName = "publish";

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [RankerStep.StepName, EvaluateStep.StepName, GateStep.StepName, RefitStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var gate = await NightJson.ReadAsync<GateFile>(night.Folder[NightFiles.Gate], ct);
        var evaluation = await NightJson.ReadAsync<NightEvaluation>(night.Folder[NightFiles.Evaluation], ct);
        var refit = await NightJson.ReadAsync<RefitFile>(night.Folder[NightFiles.Refit], ct);
        var before = evaluation.Serving;
        var publication = gate.Passed
            ? await new NightPublication(night).PublishAsync(before, ct, refit) : new PublicationFile(null, Champion: false, before);
        await NightJson.WriteAsync(night.Folder[NightFiles.Publication], publication, ct);
        return new StepOutcome(
            publication switch
            {
                { Version: null } => $"nothing: the gate refused the new model, {before ?? "no model"} serves on",
                { Champion: true } => $"{publication.Version} is the champion{(before is null ? "" : $", {before} was")}{refit.Addition}",
                _ => $"{publication.Version} is published and waits for its promotion (Rollout:Mode), "
                    + $"{before ?? "no model"} serves on{refit.Addition}",
            },
            [NightFiles.Publication]);
    }
}
