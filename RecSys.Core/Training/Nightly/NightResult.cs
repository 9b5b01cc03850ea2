namespace RecSys.Core.Training.Nightly;

/// <summary>How a night ended.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Verdict">The last step's line.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="Steps">Results of all steps that are finished, in order.</param>
public sealed record NightResult(NightOutcome Outcome, string Verdict, string Folder, IReadOnlyList<StepResult> Steps);
