namespace RecSys.Core.Pipeline;

/// <summary>A stage tried what its kind forbids: a defect in the stage, never handled by a failure policy.</summary>
public sealed class StageRightsException(string stage, StageKind? kind, StageKind needed)
    : InvalidOperationException($"Stage '{stage}' of kind '{kind?.ToString() ?? "none"}' used an operation that only '{needed}' stages "
        + "may use.");
