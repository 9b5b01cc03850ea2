using static System.FormattableString;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Training.Nightly.Explored;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Judges the challengers, the champion and the one before it, popularity and chance on the same test rows, each model with its own towers,
/// ranker and calibration, as serving would ask it.
/// </summary>
internal sealed class EvaluateStep : INightStep
{
    public const string StepName = "evaluate";

    public string Name => StepName;

    public IReadOnlyList<string> Needs =>
        [CollectStep.StepName, ValidateStep.StepName, SplitStep.StepName, FeaturesStep.StepName, RankerStep.StepName];

    public async Task<IReadOnlyList<StepFile>> OutsideAsync(NightContext night, CancellationToken ct)
    {
        var (champion, _) = await new NightPublication(night).OpponentsAsync(ct);
        var manifest = champion is null ? "" : Path.Combine(night.Registry.FolderOf(champion), BundleFiles.Manifest);
        var content = File.Exists(manifest) ? await File.ReadAllBytesAsync(manifest, ct) : [];
        return [StepFile.Of($"champion {champion ?? "none"}", content)];
    }

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var data = await night.DataAsync(ct);
        var split = await NightJson.ReadAsync<SplitFile>(night.Folder[NightFiles.Split], ct);
        var (serving, former) = await new NightPublication(night).OpponentsAsync(ct);
        var models = new List<JudgedModel>();
        try
        {
            var (champion, remark) = await LoadAsync(JudgedModel.Champion, serving, night, data.Log, ct);
            if (champion is not null) models.Add(champion);
            // It is shown beside the others; nothing is decided by it.
            if (await FindAsync(JudgedModel.Previous, former, night, data.Log, ct) is { } previous) models.Add(previous);
            var opponents = models.Count;
            var faults = await AddChallengersAsync(night, data.Log, models, ct);
            JudgedModel[] challengers = [.. models.Skip(opponents)];
            var judging = new NightJudging(night, data, split, models, [.. challengers.Select(model => model.Name)], ct);
            var explored = await ExploredJudging.RunAsync(night, data, split, champion, challengers, ct);
            NightEvaluation[] found =
            [
                .. challengers.Select((challenger, at) => judging.Of(challenger, ct) with
                {
                    Serving = serving,
                    Champion = champion?.Version,
                    ChampionRemark = remark ?? Remark(champion, split),
                    Explored = explored[at],
                    ChampionAgeDays = champion is null ? 0 : BehindDays(champion.Manifest.TrainingWindow, data.Collected),
                }),
            ];
            foreach (var challenger in night.Challengers)
            {
                await NightJson.WriteAsync(
                    night.Folder[challenger[NightFiles.Evaluation]],
                    found.FirstOrDefault(one => one.Challenger == challenger.Name)
                        ?? found[0].Without(challenger.Name, faults[challenger.Name]),
                    ct);
            }
            return OutcomeOf(night, found[0]);
        }
        finally
        {
            foreach (var model in models) model.Dispose();
        }
    }

    private static StepOutcome OutcomeOf(NightContext night, NightEvaluation evaluation) => new(
        Invariant($"{evaluation.Impressions:#,0} impressions of {evaluation.Users:#,0} users and {evaluation.Choices:#,0} choices: ")
            + string.Join(", ", evaluation.Models.Where(model => model.Values.ContainsKey(Figures.Auc))
                .Select(model => Invariant($"{model.Name} {model.Values[Figures.Auc]:0.0000}"))),
        [.. night.Challengers.Select(challenger => challenger[NightFiles.Evaluation])])
    {
        Counts = new Dictionary<string, long>
        {
            ["test_rows"] = evaluation.Impressions, ["test_users"] = evaluation.Users, ["choices"] = evaluation.Choices,
        },
        Text = evaluation.ChampionRemark is { } said ? said + "\n" : "",
    };

    // Without the first there is no night; why one of the others is missing, by its name.
    private static async Task<IReadOnlyDictionary<string, string>> AddChallengersAsync(
        NightContext night, InteractionLog log, List<JudgedModel> models, CancellationToken ct)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var challenger in night.Challengers)
        {
            if (await NightJson.FindAsync<FaultFile>(night.Folder[challenger[NightFiles.Fault]], ct) is { } fault)
            {
                faults.Add(challenger.Name, fault.Reason);
                continue;
            }
            try
            {
                models.Add(await JudgedModel.LoadAsync(
                    challenger.Name, night.Folder[challenger[NightFiles.Challenger]], night, log, ct));
            }
            catch (RecSysException unsound) when (challenger.Variant is not null)
            {
                faults.Add(challenger.Name, unsound.Message);
            }
        }
        return faults;
    }

    // A model of other features cannot be asked by this program, nor can it serve by it. Any other fault must not open the way of a first
    // model: what serves may be better than what would take its place.
    private static async Task<(JudgedModel? Model, string? Remark)> LoadAsync(
        string name, string? version, NightContext night, InteractionLog log, CancellationToken ct)
    {
        if (version is null) return (null, null);
        var folder = night.Registry.FolderOf(version);
        if (await HasOtherFeaturesAsync(folder, night.Catalogue, ct))
            return (null, $"{version} was made for other features than this program computes and cannot be judged, so the new model is "
                + "judged as a first one.");
        try
        {
            return (await JudgedModel.LoadAsync(name, folder, night, log, ct), null);
        }
        catch (RecSysException fault)
        {
            if ((await night.Registry.ReadChampionAsync(ct))?.Version is { } present && present != version)
                throw new RecSysException(
                    $"{version} cannot be loaded, so nothing can be compared with it: {fault.Message} It is not the champion: {present} "
                        + $"is, which this night published itself, and a repeated night is compared with the champion before, {version}. "
                        + $"Put the files of {version} back and run the night again, or leave it: {present} serves on, and the next day's "
                        + $"night is compared with {present}.", fault);
            throw new RecSysException($"The {name} {version} cannot be loaded, so nothing can be compared with it: {fault.Message} Put its "
                + "files back, or take another champion with recsys models rollback, models promote or, where there is no other, recsys "
                + "train, and run the night again.", fault);
        }
    }

    private static async Task<JudgedModel?> FindAsync(
        string name, string? version, NightContext night, InteractionLog log, CancellationToken ct)
    {
        try
        {
            return (await LoadAsync(name, version, night, log, ct)).Model;
        }
        catch (RecSysException)
        {
            return null;
        }
    }

    private static async Task<bool> HasOtherFeaturesAsync(string folder, FeatureCatalogue catalogue, CancellationToken ct)
    {
        try
        {
            return (await BundleManifest.ReadAsync(folder, ct)).FeatureHash != catalogue.Hash;
        }
        catch (RecSysException)
        {
            return false;
        }
    }

    /// <summary>
    /// How far what a model learnt from is behind the newest event of a window, in days. Not behind the day of the night: of imported
    /// history that would be years on every night, though there is nothing newer to learn from.
    /// </summary>
    internal static double BehindDays(TrainingWindow learnt, CollectedLog window) => Math.Max(
        0, (DateTimeOffset.FromUnixTimeMilliseconds(window.LatestMs) - learnt.To).TotalDays);

    private static string? Remark(JudgedModel? champion, SplitFile split) =>
        champion is null || champion.Manifest.TrainingWindow.To.ToUnixTimeMilliseconds() < split.ValidateUntilMs ? null
            : $"{champion.Version} has learnt from events of the test part, so that its figures are better than it is. That is the case on "
                + "the night after a direct train, and on repeated nights of the same day.";
}
