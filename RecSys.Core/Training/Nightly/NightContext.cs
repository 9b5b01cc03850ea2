using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Intervals;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Sources;

namespace RecSys.Core.Training.Nightly;

/// <summary>
/// What the steps of one run share: places, settings, and what they have read of the run's files so that it is read once.
/// </summary>
internal sealed class NightContext
{
    private NightData? data;
    private IReadOnlyList<Challenger>? challengers;

    public required NightFolder Folder { get; init; }
    public required NightRun Run { get; init; }
    public required TrainingOptions Options { get; init; }
    public required RolloutMode Rollout { get; init; }
    public required INightSource Source { get; init; }
    public required IDatabase Database { get; init; }
    public required ModelRegistry Registry { get; init; }
    public required FeatureCatalogue Catalogue { get; init; }
    public IProgress<WorkProgress>? Progress { get; init; }

    /// <summary>The new models of the night; most nights have one.</summary>
    public IReadOnlyList<Challenger> Challengers => challengers ??= Challenger.Of(Options.Nightly);

    /// <summary>
    /// What is left out at either end of an interval that asks whether a challenger is better: with a chance of 95 % those of all hold at
    /// once (Bonferroni). What refuses harm goes by <see cref="Resampling.Tail"/> however many there are.
    /// </summary>
    public double Tail => Resampling.Tail / Challengers.Count;

    /// <summary>The log and its window, out of the files of the steps before.</summary>
    public async Task<NightData> DataAsync(CancellationToken ct) => data ??= await NightData.ReadAsync(Folder, ct);
}
