using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>What became of a post.</summary>
/// <param name="Results">One per change.</param>
/// <param name="Position">That of the last accepted change; 0 when there is none.</param>
/// <param name="Folded">True when it counts already.</param>
internal sealed record Posted(IReadOnlyList<AppendResult> Results, long Position, bool Folded);
