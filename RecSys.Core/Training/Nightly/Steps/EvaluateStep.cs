using static System.FormattableString;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Evaluation.Intervals;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Training.Nightly.Explored;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Judges the challenger, the champion and the one before it, popularity and chance on the same test rows, each model with its own towers,
/// ranker and calibration, as serving would ask it.
/// </summary>
internal sealed class EvaluateStep : INightStep
{
    public const string StepName = "evaluate";

    // Sampled requests whose best items are shown side by side.
    private const int TopLists = 20;

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
            models.Add(await JudgedModel.LoadAsync(
                JudgedModel.Challenger, night.Folder[NightFiles.Challenger], night, data.Log, ct));
            var evaluation = Judge(night, data, split, models, ct) with
            {
                Serving = serving,
                Champion = champion?.Version,
                ChampionRemark = remark ?? Remark(champion, split),
                Explored = (await ExploredJudging.RunAsync(night, data, split, champion, [models[^1]], ct))[0],
                ChampionAgeDays = champion is null ? 0 : (night.Source.Window.End - champion.Manifest.TrainingWindow.To).TotalDays,
            };
            await NightJson.WriteAsync(night.Folder[NightFiles.Evaluation], evaluation, ct);
            return new StepOutcome(
                Invariant($"{evaluation.Impressions:#,0} impressions of {evaluation.Users:#,0} users and ")
                    + Invariant($"{evaluation.Choices:#,0} choices: ")
                    + string.Join(", ", evaluation.Models.Where(model => model.Values.ContainsKey(Figures.Auc))
                        .Select(model => Invariant($"{model.Name} {model.Values[Figures.Auc]:0.0000}"))),
                [NightFiles.Evaluation])
            {
                Counts = new Dictionary<string, long>
                {
                    ["test_rows"] = evaluation.Impressions, ["test_users"] = evaluation.Users, ["choices"] = evaluation.Choices,
                },
                Text = evaluation.ChampionRemark is { } said ? said + "\n" : "",
            };
        }
        finally
        {
            foreach (var model in models) model.Dispose();
        }
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

    private static string? Remark(JudgedModel? champion, SplitFile split) =>
        champion is null || champion.Manifest.TrainingWindow.To.ToUnixTimeMilliseconds() < split.ValidateUntilMs ? null
            : $"{champion.Version} has learnt from events of the test part, so that its figures are better than it is. That is the case on "
                + "the night after a direct train, and on repeated nights of the same day.";

    private static NightEvaluation Judge(
        NightContext night, NightData data, SplitFile split, List<JudgedModel> models, CancellationToken ct)
    {
        var against = models[0].Name == JudgedModel.Champion ? JudgedModel.Champion : JudgedModel.Popular;
        var before = data.Part((in LogEvent e) => e.TimeMs < split.ValidateUntilMs);
        var popular = PopularityBaseline.Fit(before);
        var figures = new NightFigures(JudgedModel.Challenger, against, night.Options.Seed);
        var impressions = split.Impressions ? JudgeImpressions(night, data, models, popular, figures, ct) : null;
        var choices = JudgeChoices(night, data, split, models, popular, before, figures, ct);
        // Of each user there is one choice.
        var users = impressions?.Shown.Users.Distinct().Count() ?? choices.Choices.Length;
        RequireUsers(users, night.Options.Nightly.MinTestUsers);
        var challenger = impressions?.Judged[^1];
        var best = impressions is null ? null
            : SingleFeature.Best(night.Catalogue.Names, impressions.Sample.Values, impressions.Sample.Labels);
        return new NightEvaluation
        {
            Impressions = impressions?.Shown.Count ?? 0,
            Lists = impressions?.Shown.Sizes.Length ?? 0,
            Users = users,
            Choices = choices.Choices.Length,
            Against = against,
            Models =
            [
                figures.Of("random", null), figures.Of(JudgedModel.Popular, null),
                .. models.Select(model => figures.Of(model.Name, model.Version)),
            ],
            Metrics = figures.Differences,
            Segments = impressions is null ? [] : figures.Segments(impressions, split, data.Past, ct),
            BestFeature = best?.Feature,
            BestFeatureAuc = best?.Auc ?? 0,
            Found = impressions is null || against == JudgedModel.Popular || choices.Choices.Length == 0 ? null
                : FoundBeside(night, data.Log, choices, ct),
            Drift = against == JudgedModel.Popular ? []
                : FeatureDrift.Between(models[0].Reference, models[^1].Reference, night.Catalogue),
            Reliability = challenger is null ? [] : ReliabilityBin.Table(challenger.Probabilities, impressions!.Shown.Clicked),
            Lift = challenger is null ? [] : LiftDecile.Of(challenger.Scores, impressions!.Shown.Clicked),
            TopLists = Changes(choices, models, data.Log),
        };
    }

    private static ImpressionJudging JudgeImpressions(
        NightContext night, NightData data, List<JudgedModel> models, PopularityBaseline popular, NightFigures figures,
        CancellationToken ct)
    {
        var lists = RowsFiles.ReadLists(night.Folder[NightFiles.RowsIndex]).Where(list => list.Part == SplitFile.TestPart).ToArray();
        if (lists.Any(list => list.Known.Exists(label => !float.IsFinite(label))))
            throw new RecSysException("Rows of the test part have labels that are no numbers, so nothing can be compared on them. Make the "
                + "rows anew: run the night again with --from-step features.");
        var judging = ImpressionJudging.Run(night, data, lists, models, popular, ct);
        var rows = judging.Shown.Count;
        figures.Add(
            FigureFamily.OfUsers(judging.Shown, judging.Judged), Same(Figures.Auc, Figures.Gauc, Figures.LogLoss), rows, ct);
        figures.Add(
            FigureFamily.OfLists(judging.Shown, judging.Judged),
            new Dictionary<string, string> { [Figures.ListNdcg] = GateMetrics.Ndcg, [Figures.ListAuc] = Figures.ListAuc }, rows, ct);
        foreach (var one in judging.Judged)
        {
            if (one.Probabilities is { } probabilities)
                figures.Set(one.Model, Figures.Ece, CalibrationError.EqualCount(probabilities, judging.Shown.Clicked));
        }
        return judging;
    }

    private static ChoiceJudging JudgeChoices(
        NightContext night, NightData data, SplitFile split, List<JudgedModel> models, PopularityBaseline popular, InteractionLog before,
        NightFigures figures, CancellationToken ct)
    {
        var judging = ChoiceJudging.Run(night, data, split.ValidateUntilMs, models, popular, TopLists, ct);
        if (judging.Choices.Length == 0) return judging;
        // Of shown lists where there are some: in the whole catalogue whatever the champion showed has an advantage.
        var ndcg = split.Impressions ? NightFigures.CatalogueNdcg : GateMetrics.Ndcg;
        figures.Add(
            FigureFamily.OfChoices(new TestOutcomes(data.Log, judging.Choices, judging.Ranked)),
            new Dictionary<string, string> { [Figures.NdcgAt10] = ndcg, [Figures.RecallAt500] = GateMetrics.Recall },
            judging.Choices.Length, ct);
        var interactions = new long[data.Log.Items.Count];
        foreach (ref readonly var e in before.Events)
        {
            if (e.IsPositive) interactions[e.Item]++;
        }
        foreach (var one in judging.Ranked) figures.AddCatalogue(one.Model, one.TimesRecommended, interactions);
        figures.AddTimes(models.Select((model, m) => KeyValuePair.Create(model.Name, judging.Milliseconds[m])).ToDictionary());
        return judging;
    }

    private static JudgedDifference? FoundBeside(NightContext night, InteractionLog log, ChoiceJudging choices, CancellationToken ct)
    {
        var figures = new NightFigures(JudgedModel.Challenger, JudgedModel.Popular, night.Options.Seed);
        var two = choices.Ranked.Where(one => one.Model is JudgedModel.Challenger or JudgedModel.Popular).ToArray();
        figures.Add(
            FigureFamily.OfChoices(new TestOutcomes(log, choices.Choices, two)),
            new Dictionary<string, string> { [Figures.RecallAt500] = GateMetrics.Recall }, choices.Choices.Length, ct);
        return figures.Differences.FirstOrDefault();
    }

    private static Dictionary<string, string> Same(params string[] names) => names.ToDictionary(name => name);

    private static void RequireUsers(int users, int least)
    {
        if (users < least)
            throw new RecSysException($"The test part has events of {users} users to compare models on, and at least {least} are needed "
                + "(Training:Nightly:MinTestUsers) to tell a better one from chance. The champion serves on; learn from more days "
                + "(Training:Nightly:Days), or wait until more people come.");
    }

    private static IReadOnlyList<TopListChange> Changes(ChoiceJudging choices, List<JudgedModel> models, InteractionLog log)
    {
        if (choices.TopLists.Count == 0) return [];
        var champion = models.FindIndex(model => model.Name == JudgedModel.Champion);
        return
        [
            .. choices.TopLists[^1].Select((items, at) => new TopListChange(
                champion < 0 ? [] : Titles(choices.TopLists[champion][at]), Titles(items))),
        ];

        IReadOnlyList<string> Titles(int[] items) =>
            [.. items.Select(item => log.Items[item] is { Title.Length: > 0 } titled ? titled.Title : log.Items.IdOf(item))];
    }
}
