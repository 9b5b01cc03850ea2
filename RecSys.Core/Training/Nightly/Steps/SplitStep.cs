using static System.FormattableString;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Cuts the window at instants: what trains, what validates, what tests; and within the first, what the towers learn from.
/// </summary>
internal sealed class SplitStep : INightStep
{
    public const string StepName = "split";

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [CollectStep.StepName, ValidateStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var options = night.Options;
        var data = await night.DataAsync(ct);
        var cut = TimeSplit.CreateByFractions(data.Learnt, options.Nightly.TrainShare, options.Nightly.ValidationShare);
        if (cut.Train.Events.IsEmpty || cut.Validation.Events.IsEmpty || cut.Test.Events.IsEmpty)
            throw new RecSysException("The events of the window lie so close in time that a part of the split is empty: train "
                + Invariant($"{cut.Train.Events.Length}, validation {cut.Validation.Events.Length}, test {cut.Test.Events.Length} events. ")
                + "Learn from more days (Training:Nightly:Days).");
        var split = new SplitFile(
            TowerCut(cut.Train, data.Learnt, options), cut.TrainUntilMs, cut.ValidateUntilMs,
            TwoStageTraining.HasImpressions(data.Learnt, cut.ValidateUntilMs), cut.Train.Events[0].TimeMs, cut.Validation.Events[^1].TimeMs,
            cut.Train.Events.Length, cut.Validation.Events.Length, cut.Test.Events.Length);
        await NightJson.WriteAsync(night.Folder[NightFiles.Split], split, ct);
        var counts = new Dictionary<string, long>
        {
            ["train"] = split.Train, ["validation"] = split.Validation, ["test"] = split.Test,
        };
        return new StepOutcome(
            Invariant($"train {split.Train:#,0} until {Moment(split.TrainUntilMs)}, validation {split.Validation:#,0} until ")
                + Invariant($"{Moment(split.ValidateUntilMs)}, test {split.Test:#,0} events; towers until {Moment(split.TowersUntilMs)}"),
            [NightFiles.Split])
        {
            Counts = counts,
            Text = await TableAsync(night, split, ct),
        };
    }

    // Only what trains counts, and who counts what was received must be able to tell.
    private static long TowerCut(InteractionLog train, InteractionLog all, TrainingOptions options)
    {
        var (inTrain, inAll) = (LogNeeds.Positives(train), LogNeeds.Positives(all));
        if (inTrain < LogNeeds.PositiveEvents)
            throw new RecSysException(
                Invariant($"The part of the window that trains has {inTrain:#,0} positive events (clicks, views, ...), and training ")
                + Invariant($"needs at least {LogNeeds.PositiveEvents:#,0}. The whole window has {inAll:#,0} that are sound, of which the ")
                + Invariant($"first {100 * options.Nightly.TrainShare:0.#} % of the events train (Training:Nightly:TrainShare); the rest ")
                + "validates and tests. Learn from more days (Training:Nightly:Days), or wait for more events.");
        return TwoStageTraining.TowerCut(train, options.TowerShare);
    }

    // The window as a table of one line: what came, what is left of it, and which part learns.
    private static async Task<string> TableAsync(NightContext night, SplitFile split, CancellationToken ct)
    {
        var quality = await NightJson.ReadAsync<QualityFile>(night.Folder[NightFiles.Quality], ct);
        return $"{"raw",14}{"validated",14}{"quality",10}{"train",14}{"validation",14}{"test",14}\n"
            + Invariant($"{quality.Raw,14:#,0}{quality.Kept,14:#,0}{100 * quality.Rate,8:0.00} %")
            + Invariant($"{split.Train,14:#,0}{split.Validation,14:#,0}{split.Test,14:#,0}\n");
    }

    private static string Moment(long timeMs) => Invariant($"{DateTimeOffset.FromUnixTimeMilliseconds(timeMs):yyyy-MM-dd HH:mm}");
}
