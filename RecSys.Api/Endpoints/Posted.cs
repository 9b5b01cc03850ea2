using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>What became of a post.</summary>
/// <param name="Results">One per change.</param>
/// <param name="Position">The last place in the log of what is there now, new or known before; 0 when nothing is.</param>
/// <param name="Folded">True when it counts already.</param>
internal sealed record Posted(IReadOnlyList<AppendResult> Results, long Position, bool Folded);
