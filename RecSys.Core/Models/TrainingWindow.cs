namespace RecSys.Core.Models;

/// <summary>The events a model was fitted on.</summary>
/// <param name="From">Time of the first event.</param>
/// <param name="To">Time of the last event.</param>
/// <param name="Events">How many.</param>
public sealed record TrainingWindow(DateTimeOffset From, DateTimeOffset To, long Events);
