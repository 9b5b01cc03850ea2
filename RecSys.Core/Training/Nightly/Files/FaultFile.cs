namespace RecSys.Core.Training.Nightly.Files;

/// <summary>Why there is no bundle of a challenger, <c>challengers/NAME/fault.json</c>; it stands in the place of one.</summary>
/// <param name="Reason">In words.</param>
internal sealed record FaultFile(string Reason);
