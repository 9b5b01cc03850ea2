using static System.FormattableString;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Explored;

/// <summary>Compares challengers with the champion by the explored places of the test part; see <see cref="ExploredPlaces"/>.</summary>
internal static class ExploredJudging
{
    /// <param name="night">The run.</param>
    /// <param name="data">The log.</param>
    /// <param name="split">Where the test part begins.</param>
    /// <param name="champion">Null when there is none to compare with.</param>
    /// <param name="challengers">What is judged.</param>
    /// <param name="ct">Stops.</param>
    /// <returns>One per challenger, in their order.</returns>
    public static async Task<IReadOnlyList<ExploredJudgement>> RunAsync(
        NightContext night, NightData data, SplitFile split, JudgedModel? champion, IReadOnlyList<JudgedModel> challengers,
        CancellationToken ct)
    {
        if (champion is null) return Refused("not measured: there is no champion to compare with");
        var options = night.Options.Nightly;
        var window = night.Source.Window;
        var lists = await new ExploredReader(night.Database, data).ReadAsync(
            DateTimeOffset.FromUnixTimeMilliseconds(split.ValidateUntilMs), window.End, window.LastPosition, night.Options.Label,
            options.MaxExploredPlaces, ct);
        ExploredPlace[] places = [.. lists.SelectMany(list => list.Places)];
        if (places.Length == 0)
            return Refused("not measured: no explored place of the test part is stored with its pool (Exploration:Share)");
        var scores = ExploredScores.Of(data.Log, lists, [champion, .. challengers], night.Catalogue, ct, data.Past);
        var settings = new OffPolicyOptions
        {
            Seed = night.Options.Seed, MinEffectiveSampleSize = options.MinExploredSample,
        };
        LoggedDecision[][] judged = [.. scores.Select(model => ExploredPlaces.Judged(places, model, options.ExploredTop))];
        OffPolicyReport[] reports = [.. judged.Select(decisions => OffPolicyEvaluation.Run(decisions, settings, ct))];
        return
        [
            .. challengers.Select((challenger, at) => Judgement(
                challenger.Name, (judged[0], reports[0]), (judged[at + 1], reports[at + 1]), settings, ct)),
        ];

        IReadOnlyList<ExploredJudgement> Refused(string why) =>
            [.. challengers.Select(_ => new ExploredJudgement { Refusal = why })];
    }

    private static ExploredJudgement Judgement(
        string challenger, (LoggedDecision[] Decisions, OffPolicyReport Report) before,
        (LoggedDecision[] Decisions, OffPolicyReport Report) after, OffPolicyOptions settings, CancellationToken ct)
    {
        var refusal = RefusalOf(before.Report, settings) ?? RefusalOf(after.Report, settings);
        return new ExploredJudgement
        {
            Places = before.Report.Decisions,
            Users = before.Report.Clusters,
            Logged = before.Report.LoggedValue,
            Values = [ValueOf(JudgedModel.Champion, before.Report), ValueOf(challenger, after.Report)],
            SnipsGain = refusal is null
                ? PolicyDifference.Of(after.Decisions, before.Decisions, OffPolicyEstimator.Snips, settings, ct) : null,
            Gain = refusal is null
                ? PolicyDifference.Of(after.Decisions, before.Decisions, OffPolicyEstimator.DoublyRobust, settings, ct) : null,
            Refusal = refusal,
        };
    }

    private static ExploredValue ValueOf(string model, OffPolicyReport report) => new(
        model, report.EffectiveSampleSize, report.MeanWeight,
        report.Refusal is null ? report[OffPolicyEstimator.Snips].Value : null,
        report.Refusal is null ? report[OffPolicyEstimator.DoublyRobust].Value : null);

    private static string? RefusalOf(OffPolicyReport report, OffPolicyOptions settings) =>
        report.EffectiveSampleSize < settings.MinEffectiveSampleSize
            ? Invariant($"not asked, effective sample size {report.EffectiveSampleSize:0} < {settings.MinEffectiveSampleSize:0} ")
                + Invariant($"(Training:Nightly:MinExploredSample) of {report.Decisions:#,0} explored places")
            : report.Refusal is { } refusal ? $"not asked: {refusal}" : null;
}
