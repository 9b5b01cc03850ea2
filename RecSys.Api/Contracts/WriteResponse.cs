namespace RecSys.Api.Contracts;

/// <summary>Reply of a write of one item or user.</summary>
/// <param name="Id">What was written.</param>
/// <param name="Status"><c>created</c>, <c>replaced</c>, <c>unchanged</c>, <c>removed</c>, <c>merged</c>, <c>erased</c>, or <c>valid</c>
/// with <c>validate_only</c>.</param>
/// <param name="Position">Its place in the log; pass it as <c>min_position</c> to see its effect. Of what was stored already, the place
/// that it has; 0 when there is none.</param>
/// <param name="Folded">True when it counts already.</param>
public sealed record WriteResponse(string Id, string Status, long Position, bool Folded);
