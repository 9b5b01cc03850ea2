using RecSys.Core.Domain;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Refitting;

/// <summary>
/// The split of a night, moved to the newest event: what tested calibrates, and what trained and validated trains, of which the towers get
/// the same earlier share.
/// </summary>
internal static class ShiftedSplit
{
    /// <param name="data">The log.</param>
    /// <param name="split">The judged model's.</param>
    /// <param name="towerShare">As <see cref="TrainingOptions.TowerShare"/>.</param>
    public static SplitFile Of(NightData data, SplitFile split, double towerShare)
    {
        var trains = data.Part((in LogEvent e) => e.TimeMs < split.ValidateUntilMs);
        var lastMs = split.LastLearntMs;
        foreach (ref readonly var e in data.Learnt.Events) lastMs = Math.Max(lastMs, e.TimeMs);
        return split with
        {
            TowersUntilMs = TwoStageTraining.TowerCut(trains, towerShare),
            TrainUntilMs = split.ValidateUntilMs,
            ValidateUntilMs = lastMs + 1,
            LastLearntMs = lastMs,
            Train = split.Train + split.Validation,
            Validation = split.Test,
            Test = 0,
        };
    }
}
