using static System.FormattableString;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Fitting;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Core.Training.Nightly.Refitting;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Behind a gate that said yes, and where <see cref="NightlyOptions.Refit"/> asks for it: fits the best challenger again on the same split
/// moved to the newest event, with what validation chose for the judged one, and checks that it is still the same model. Where a check
/// fails, the judged one is what is published.
/// </summary>
internal sealed class RefitStep : INightStep
{
    public const string StepName = "refit";

    public string Name => StepName;

    public IReadOnlyList<string> Needs =>
    [
        CollectStep.StepName, ValidateStep.StepName, SplitStep.StepName, FeaturesStep.StepName, TowersStep.StepName, RankerStep.StepName,
        GateStep.StepName,
    ];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        foreach (var challenger in night.Challengers) NightFolder.Remove(night.Folder[challenger[NightFiles.Refitted]]);
        if (!night.Options.Nightly.Refit)
            return await EndAsync(night, new RefitFile(RefitOutcome.Off, null, []), "off (Training:Nightly:Refit)", ct);
        if ((await NightDecisions.ReadAsync(night, ct)).Best is not { } best)
            return await EndAsync(night, new RefitFile(RefitOutcome.Refused, null, []), "nothing: the gate refused the new model", ct);
        var data = await night.DataAsync(ct);
        var split = await NightJson.ReadAsync<SplitFile>(night.Folder[NightFiles.Split], ct);
        var shifted = ShiftedSplit.Of(data, split, night.Options.TowerShare);
        FittedBundle made;
        try
        {
            made = await FitAsync(night, data, split, shifted, best, ct);
        }
        // A disk that takes no more says nothing of the model.
        catch (RecSysException fault) when (!FolderFault.IsBehind(fault))
        {
            return await EndAsync(night, Failed(shifted, RefitChecks.Fitted, fault) with { Variant = best.Variant }, null, ct);
        }
        var file = await JudgeAsync(night, data, split, shifted, best, made, ct) with { Variant = best.Variant };
        return await EndAsync(night, file, null, ct) with
        {
            Outputs = [NightFiles.Refit, .. made.Files],
            Counts = new Dictionary<string, long>
            {
                ["train_rows"] = made.TrainRows, ["calibration_rows"] = made.HeldRows, ["trees"] = made.Chosen.Trees,
                ["reference_rows"] = made.ReferenceRows,
            },
        };
    }

    private static async Task<FittedBundle> FitAsync(
        NightContext night, NightData data, SplitFile split, SplitFile shifted, Challenger challenger, CancellationToken ct)
    {
        var header = await NightJson.ReadAsync<TowersFile>(night.Folder[NightFiles.TowersHeader], ct);
        var fitting = new BundleFitting(night, data, shifted)
        {
            Chosen = await NightJson.ReadAsync<ChosenFile>(night.Folder[challenger[NightFiles.Chosen]], ct),
            UnseenFromMs = split.ValidateUntilMs,
            Impressions = (view, extractor) =>
            {
                var wanted = WantedLists.Of(data, shifted, night.Options).Lists;
                var builder = new ImpressionRowBuilder(
                    data.Log, data.Labels(night.Options.Label), view, shifted.TowersUntilMs, extractor,
                    new RankerRows(night.Catalogue.Count, wanted.Impressions));
                ImpressionRows.Walk(data.Log, wanted, builder.Add, null, night.Progress, ct, data.Past);
                return builder.Rows;
            },
        };
        var extras = new Dictionary<string, string>
        {
            [NightPublication.RefitOption] = NightPublication.DigestOf(
                await BundleManifest.ReadAsync(night.Folder[challenger[NightFiles.Challenger]], ct)),
        };
        var learnt = data.Part((in LogEvent e) => e.TimeMs < shifted.TowersUntilMs);
        using var ground = fitting.Prepare(FittedTowers.Refit(night, learnt, header, ct), ct);
        return await fitting.RunAsync(challenger, NightFiles.Refitted, ground, extras, ct);
    }

    private static async Task<RefitFile> JudgeAsync(
        NightContext night, NightData data, SplitFile split, SplitFile shifted, Challenger challenger, FittedBundle made,
        CancellationToken ct)
    {
        using var judged = await JudgedModel.LoadAsync(
            JudgedModel.Challenger, night.Folder[challenger[NightFiles.Challenger]], night, data.Log, ct);
        JudgedModel refitted;
        try
        {
            refitted = await JudgedModel.LoadAsync(
                JudgedModel.Refitted, night.Folder[challenger[NightFiles.Refitted]], night, data.Log, ct);
        }
        catch (RecSysException fault)
        {
            return Failed(shifted, RefitChecks.Golden, fault);
        }
        using (refitted) return new RefitJudging(night, data, split, [judged, refitted]).Run(shifted, made.HeldScores, ct);
    }

    private static RefitFile Failed(SplitFile shifted, string check, RecSysException fault) =>
        RefitFile.Of(shifted, [new RefitCheck(check, false, null, null, fault.Message)]);

    private static async Task<StepOutcome> EndAsync(NightContext night, RefitFile file, string? verdict, CancellationToken ct)
    {
        await NightJson.WriteAsync(night.Folder[NightFiles.Refit], file, ct);
        return new StepOutcome(verdict ?? VerdictOf(file), [NightFiles.Refit]) { Text = TextOf(file) };
    }

    private static string VerdictOf(RefitFile file) => file.Remark
        + (file.Overlap is { } overlap ? Invariant($"; overlap@10 {overlap:0.000}") : "")
        + (file.Correlation is { } correlation ? Invariant($", rank correlation {correlation:0.000}") : "");

    private static string TextOf(RefitFile file) => string.Concat(file.Checks.Select(check =>
        Invariant($"  {(check.Passed ? "ok  " : "FAIL")} {check.Name,-18} {check.Reason}\n")).Prepend(
            file.Checks.Count == 0 ? "" : $"The refitted model beside the judged one: {file.Outcome.ToString().ToLowerInvariant()}\n"));
}
