using static System.FormattableString;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Fitting;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Fits the ranker of each challenger on the training part, where rows behind the towers' part have the scores of towers that did not know
/// them, stops and calibrates it on the validation part, and makes a bundle of it as it would be published.
/// </summary>
internal sealed class RankerStep : INightStep
{
    public const string StepName = "ranker";

    public string Name => StepName;

    public IReadOnlyList<string> Needs =>
        [CollectStep.StepName, ValidateStep.StepName, SplitStep.StepName, FeaturesStep.StepName, TowersStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var folder = night.Folder;
        var data = await night.DataAsync(ct);
        var split = await NightJson.ReadAsync<SplitFile>(folder[NightFiles.Split], ct);
        var header = await NightJson.ReadAsync<TowersFile>(folder[NightFiles.TowersHeader], ct);
        var fitting = new BundleFitting(night, data, split)
        {
            UnseenFromMs = split.ValidateUntilMs,
            Impressions = (view, extractor) => ImpressionRowsOf(night, data, split, view, extractor, ct),
        };
        using var ground = fitting.Prepare(TowerFiles.Read(folder[NightFiles.Towers], header, data.Log.Items.Count), ct);
        var (first, others) = (night.Challengers[0], night.Challengers.Skip(1));
        var made = await FitAsync(night, fitting, ground, first, ct);
        var use = await UseAsync(night, split, ground.ChoicesOffered, ct);
        var outcome = new StepOutcome(
            Invariant($"{made.Chosen.Trees} trees from {made.TrainRows:#,0} rows, stopped by {made.HeldRows:#,0}; AUC ")
                + Invariant($"{made.HeldAuc:0.0000} there; ") + use.Text, [NightFiles.Chosen, .. made.Files])
        {
            Counts = new Dictionary<string, long>
            {
                ["train_rows"] = made.TrainRows, ["validation_rows"] = made.HeldRows, [use.Name] = use.Offered,
                ["trees"] = made.Chosen.Trees, ["reference_rows"] = made.ReferenceRows,
            },
        };
        foreach (var challenger in others) outcome = await WithAsync(outcome, night, fitting, ground, challenger, ct);
        return outcome;
    }

    // What cannot be fitted with the settings of one challenger is refused by the gate, and the others go on without it.
    private static async Task<StepOutcome> WithAsync(
        StepOutcome before, NightContext night, BundleFitting fitting, FittingGround ground, Challenger challenger, CancellationToken ct)
    {
        Directory.CreateDirectory(night.Folder[challenger[""]]);
        // What an earlier try has left would stand beside the opposite.
        foreach (var file in (string[])[NightFiles.Challenger, NightFiles.Chosen, NightFiles.Fault])
            NightFolder.Remove(night.Folder[challenger[file]]);
        try
        {
            RequireOther(night, ground, challenger);
            var made = await FitAsync(night, fitting, ground, challenger, ct);
            return before with
            {
                Verdict = before.Verdict
                    + Invariant($"; {challenger.Name}: {made.Chosen.Trees} trees, AUC {made.HeldAuc:0.0000}"),
                Outputs = [.. before.Outputs, challenger[NightFiles.Chosen], .. made.Files],
                Counts = new Dictionary<string, long>(before.Counts) { [$"trees_{challenger.Name}"] = made.Chosen.Trees },
            };
        }
        // A disk that takes no more is no fault of the settings.
        catch (RecSysException fault) when (!FolderFault.IsBehind(fault))
        {
            await NightJson.WriteAsync(night.Folder[challenger[NightFiles.Fault]], new FaultFile(fault.Message), ct);
            return before with
            {
                Verdict = before.Verdict + $"; {challenger.Name}: cannot be fitted",
                Outputs = [.. before.Outputs, challenger[NightFiles.Fault]],
            };
        }
    }

    // Only with its rows does a night know which ranker it fits, and two that differ in the other one alone are the same model.
    private static void RequireOther(NightContext night, FittingGround ground, Challenger challenger)
    {
        var own = SettingsOf(challenger);
        var twin = night.Challengers.TakeWhile(one => one != challenger).FirstOrDefault(one => SettingsOf(one) == own);
        if (twin is null) return;
        var because = ground.Train.Weights is null
            ? "the log has impressions, so Training:Ranker counts" : "the log has no impressions, so Training:ChoiceRanker counts";
        throw new RecSysException($"{challenger.Name} would be the same model as {twin.Name}: {because}, and over it the settings of both "
            + "are equal. Set what is other, or remove it.");

        LightGbmOptions SettingsOf(Challenger one) => RankerFitting.SettingsFor(ground.Train, one.Over(night.Options));
    }

    private static async Task<FittedBundle> FitAsync(
        NightContext night, BundleFitting fitting, FittingGround ground, Challenger challenger, CancellationToken ct)
    {
        var made = await fitting.RunAsync(challenger, NightFiles.Challenger, ground, new Dictionary<string, string>(), ct);
        await NightJson.WriteAsync(night.Folder[challenger[NightFiles.Chosen]], made.Chosen, ct);
        return made;
    }

    // Rows of the towers' own time have no tower scores and are as they were written; later ones get them.
    private static RankerRows ImpressionRowsOf(
        NightContext night, NightData data, SplitFile split, ITowerView view, FeatureExtractor extractor, CancellationToken ct)
    {
        var lists = RowsFiles.ReadLists(night.Folder[NightFiles.RowsIndex]).Where(list => list.Part != SplitFile.TestPart).ToArray();
        var rows = new RankerRows(night.Catalogue.Count, lists.Sum(list => list.Events.Count));
        RowsFiles.ReadValues(
            night.Folder[NightFiles.RowsValues], [.. lists.Where(list => list.TimeMs < split.TowersUntilMs)], rows);
        var later = lists.Where(list => list.TimeMs >= split.TowersUntilMs).ToArray();
        var builder = new ImpressionRowBuilder(
            data.Log, RowList.Labels(later, data.Log.Events.Length), view, split.TowersUntilMs, extractor, rows);
        ImpressionRows.Walk(
            data.Log, ImpressionLists.Of(later.Select(list => list.Events)), builder.Add, null, night.Progress, ct, data.Past);
        return rows;
    }

    // What there was to learn from and why not all of it was taken, in words and as a count.
    private static async Task<(string Name, long Offered, string Text)> UseAsync(
        NightContext night, SplitFile split, int choices, CancellationToken ct)
    {
        if (split.Impressions)
        {
            var header = await NightJson.ReadAsync<RowsHeader>(night.Folder[NightFiles.RowsHeader], ct);
            var all = header.Offered[SplitFile.TrainPart] + header.Offered[SplitFile.ValidationPart];
            var limit = header.Limits.GetValueOrDefault(SplitFile.TrainPart) is { } reason ? $" ({reason})" : "";
            return ("rows_offered", all, Invariant($"{all:#,0} rows were offered{limit}"));
        }
        var most = night.Options.MaxTargets;
        return ("choices_offered", choices, Invariant($"{choices:#,0} choices were offered")
            + (choices > most ? Invariant($" (evenly; Training:MaxTargets is {most:#,0})") : ""));
    }
}
