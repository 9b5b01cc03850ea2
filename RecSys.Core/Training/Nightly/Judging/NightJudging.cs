using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Evaluation.Intervals;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>
/// All models of a night and the baselines on the same test rows, in one replay of impressions and one of choices; and what each challenger
/// is beside the model that it is compared with.
/// </summary>
internal sealed class NightJudging
{
    // Sampled requests whose best items are shown side by side.
    private const int TopLists = 20;

    private readonly NightContext night;
    private readonly NightData data;
    private readonly SplitFile split;
    private readonly IReadOnlyList<JudgedModel> models;
    private readonly string against;
    private readonly PopularityBaseline popular;
    private readonly InteractionLog before;
    private readonly NightFigures figures;
    private readonly ImpressionJudging? impressions;
    private readonly ChoiceJudging choices;

    // Rows and features are the same for all challengers.
    private readonly (string Feature, double Auc)? best;

    /// <param name="night">The run.</param>
    /// <param name="data">The log.</param>
    /// <param name="split">Where the test part begins.</param>
    /// <param name="models">The champion first, where there is one; challengers last.</param>
    /// <param name="challengers">Names of the challengers among them.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="RecSysException">There are too few users to tell a better model from chance.</exception>
    public NightJudging(
        NightContext night, NightData data, SplitFile split, IReadOnlyList<JudgedModel> models, IReadOnlyList<string> challengers,
        CancellationToken ct)
    {
        (this.night, this.data, this.split, this.models) = (night, data, split, models);
        against = models[0].Name == JudgedModel.Champion ? JudgedModel.Champion : JudgedModel.Popular;
        before = data.Part((in LogEvent e) => e.TimeMs < split.ValidateUntilMs);
        popular = PopularityBaseline.Fit(before);
        figures = new NightFigures(challengers, against, night.Options.Seed, night.Tail);
        impressions = split.Impressions ? JudgeImpressions(ct) : null;
        choices = JudgeChoices(ct);
        best = impressions is null ? null
            : SingleFeature.Best(night.Catalogue.Names, impressions.Sample.Values, impressions.Sample.Labels);
        RequireUsers(Users, night.Options.Nightly.MinTestUsers);
    }

    // Of each user there is one choice.
    private int Users => impressions?.Shown.Users.Distinct().Count() ?? choices.Choices.Length;

    /// <summary>What was found of one challenger, beside the figures of all models.</summary>
    public NightEvaluation Of(JudgedModel challenger, CancellationToken ct)
    {
        var own = impressions?.Judged.First(one => one.Model == challenger.Name);
        return new NightEvaluation
        {
            Challenger = challenger.Name,
            Level = 1 - 2 * night.Tail,
            Impressions = impressions?.Shown.Count ?? 0,
            Lists = impressions?.Shown.Sizes.Length ?? 0,
            Users = Users,
            Choices = choices.Choices.Length,
            Against = against,
            Models =
            [
                figures.Of(JudgedModel.Random, null), figures.Of(JudgedModel.Popular, null),
                .. models.Select(model => figures.Of(model.Name, model.Version)),
            ],
            Metrics = figures.DifferencesOf(challenger.Name),
            Segments = impressions is null ? [] : figures.Segments(challenger.Name, impressions, split, data.Past, ct),
            BestFeature = best?.Feature,
            BestFeatureAuc = best?.Auc ?? 0,
            Found = impressions is null || against == JudgedModel.Popular || choices.Choices.Length == 0 ? null
                : FoundBeside(challenger.Name, ct),
            Drift = against == JudgedModel.Popular ? []
                : FeatureDrift.Between(models[0].Reference, challenger.Reference, night.Catalogue),
            Reliability = own is null ? [] : ReliabilityBin.Table(own.Probabilities, impressions!.Shown.Clicked),
            Lift = own is null ? [] : LiftDecile.Of(own.Scores, impressions!.Shown.Clicked),
            TopLists = Changes(challenger),
        };
    }

    private ImpressionJudging JudgeImpressions(CancellationToken ct)
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

    private ChoiceJudging JudgeChoices(CancellationToken ct)
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

    private JudgedDifference? FoundBeside(string challenger, CancellationToken ct)
    {
        var beside = new NightFigures([challenger], JudgedModel.Popular, night.Options.Seed, Resampling.Tail);
        var two = choices.Ranked.Where(one => one.Model == challenger || one.Model == JudgedModel.Popular).ToArray();
        beside.Add(
            FigureFamily.OfChoices(new TestOutcomes(data.Log, choices.Choices, two)),
            new Dictionary<string, string> { [Figures.RecallAt500] = GateMetrics.Recall }, choices.Choices.Length, ct);
        return beside.DifferencesOf(challenger) is [var found, ..] ? found : null;
    }

    private static Dictionary<string, string> Same(params string[] names) => names.ToDictionary(name => name);

    private static void RequireUsers(int users, int least)
    {
        if (users < least)
            throw new RecSysException($"The test part has events of {users} users to compare models on, and at least {least} are needed "
                + "(Training:Nightly:MinTestUsers) to tell a better one from chance. The champion serves on; learn from more days "
                + "(Training:Nightly:Days), or wait until more people come.");
    }

    private IReadOnlyList<TopListChange> Changes(JudgedModel challenger)
    {
        if (choices.TopLists.Count == 0) return [];
        var (own, champion) = (PlaceOf(challenger.Name), PlaceOf(JudgedModel.Champion));
        return
        [
            .. choices.TopLists[own].Select((items, at) => new TopListChange(
                champion < 0 ? [] : Titles(choices.TopLists[champion][at]), Titles(items))),
        ];

        int PlaceOf(string name) => models.ToList().FindIndex(model => model.Name == name);

        IReadOnlyList<string> Titles(int[] items) =>
            [.. items.Select(item => data.Log.Items[item] is { Title.Length: > 0 } titled ? titled.Title : data.Log.Items.IdOf(item))];
    }
}
