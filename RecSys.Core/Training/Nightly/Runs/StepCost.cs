namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>What a step took.</summary>
/// <param name="Elapsed">Time on the clock.</param>
/// <param name="Cpu">Processor time of the process, all threads together.</param>
/// <param name="PeakBytes">Largest working set of the process.</param>
internal readonly record struct StepCost(TimeSpan Elapsed, TimeSpan Cpu, long PeakBytes);
