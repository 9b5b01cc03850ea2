namespace RecSys.Core.Import;

/// <summary>Why rows were malformed.</summary>
/// <param name="Reason">What was wrong with the first of them.</param>
/// <param name="Rows">How many, each with all lines that it covers.</param>
/// <param name="First">File and line of the first.</param>
public sealed record RejectReason(string Reason, long Rows, string First);
