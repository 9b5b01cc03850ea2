namespace RecSys.Core.Training.Nightly.States;

/// <summary>What a night begins to fold with.</summary>
/// <param name="State">The state.</param>
/// <param name="Name">Which written one it is; null: an empty one, before the first entry.</param>
/// <param name="Refused">Written ones that cannot be used, with the reason, in words.</param>
internal sealed record OpenedState(PastState State, string? Name, IReadOnlyList<string> Refused);
