namespace RecSys.Core.Training.Nightly;

/// <summary>
/// One step of a night. It hands on through files in the run's folder alone, so that a run that was killed goes on behind its last finished
/// step; the same inputs and settings give the same files.
/// </summary>
internal interface INightStep
{
    /// <summary>Lower-case letters; unique among the steps.</summary>
    string Name { get; }

    /// <summary>Earlier steps whose files it reads.</summary>
    IReadOnlyList<string> Needs { get; }

    /// <summary>What it reads from outside the run's folder, with checksums; when one changes, the step is not finished any more.</summary>
    Task<IReadOnlyList<StepFile>> OutsideAsync(NightContext night, CancellationToken ct) => Task.FromResult<IReadOnlyList<StepFile>>([]);

    /// <summary>Writes its files. What an earlier, interrupted try has left of them is replaced.</summary>
    /// <exception cref="Domain.RecSysException">It cannot be done: why, and what to do.</exception>
    Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct);
}
