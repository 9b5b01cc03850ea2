using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Publishes the challengers that the gate lets through, in the place of the best what was refitted and passed; otherwise the registry
/// stays as it is.
/// </summary>
internal sealed class PublishStep : INightStep
{
    public const string StepName = "publish";

    private const string FirstRefused = "no model serves yet; learn from more days (Training:Nightly:Days), wait for more events, or "
        + "publish without a comparison (recsys train)";

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [RankerStep.StepName, EvaluateStep.StepName, GateStep.StepName, RefitStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var decisions = await NightDecisions.ReadAsync(night, ct);
        var passed = decisions.Passed;
        var evaluation = await NightJson.ReadAsync<NightEvaluation>(night.Folder[NightFiles.Evaluation], ct);
        var refit = await NightJson.ReadAsync<RefitFile>(night.Folder[NightFiles.Refit], ct);
        var before = evaluation.Serving;
        var publication = passed.Count > 0
            ? await new NightPublication(night).PublishAsync(passed, before, decisions.Rule, ct, refit)
            : new PublicationFile(null, Champion: false, before);
        try
        {
            await NightJson.WriteAsync(night.Folder[NightFiles.Publication], publication, ct);
        }
        catch (Exception failure) when (publication.Version is not null && failure is (IOException or UnauthorizedAccessException))
        {
            var serving = (await night.Registry.ReadChampionAsync(ct))?.Version;
            throw FolderFault.Writing(
                night.Folder.Root,
                $"{publication.Version} is published and {serving ?? "no model"} is the registry's champion, which is in force; only the "
                    + "record of it in the night's folder was not written. Running the night again completes the record and publishes "
                    + "nothing twice",
                failure);
        }
        return new StepOutcome(VerdictOf(publication, refit, decisions.All.Count), [NightFiles.Publication]);
    }

    private static string VerdictOf(PublicationFile publication, RefitFile refit, int challengers)
    {
        var (before, name) = (publication.Before, publication.Variant is { } variant ? $" ({variant})" : "");
        var best = publication switch
        {
            { Version: null } => $"nothing: the gate refused {(challengers > 1 ? $"all {challengers} new models" : "the new model")}, "
                + (before is null ? FirstRefused : $"{before} serves on"),
            { Champion: true } => $"{publication.Version}{name} is the champion{(before is null ? "" : $", {before} was")}{refit.Addition}",
            _ => $"{publication.Version}{name} is published and waits for its promotion (Rollout:Mode), "
                + $"{before ?? "no model"} serves on{refit.Addition}",
        };
        return publication.Others is not { } others ? best
            : $"{best}; {string.Join(", ", others.Select(other => $"{other.Version} ({other.Name})"))} passed, too, and "
                + $"{(others.Count == 1 ? "is" : "are")} in the registry";
    }
}
