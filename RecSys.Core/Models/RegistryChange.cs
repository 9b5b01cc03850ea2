using RecSys.Core.Domain;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>What became of a wanted change of a version.</summary>
/// <param name="Outcome">Whether it was made.</param>
/// <param name="Record">The version as it is now; null when the store does not know it.</param>
/// <param name="Fault">Why not, and what to do; null when it was made.</param>
public sealed record RegistryChange(ModelChangeOutcome Outcome, ModelRecord? Record, string? Fault)
{
    /// <summary>The version as it is now, for callers that go on only when the change was made.</summary>
    /// <exception cref="RecSysException">It was not.</exception>
    public ModelRecord OrThrow() =>
        Outcome == ModelChangeOutcome.Done && Record is not null ? Record : throw new RecSysException(Fault ?? "Nothing was changed.");

    /// <summary>True when the version's own bundle stands in the way.</summary>
    public bool IsUnsound { get; private init; }

    /// <summary>A change that was not asked of the store, because the bundle could not serve.</summary>
    public static RegistryChange Unsound(ModelRecord? record, string fault) =>
        new(ModelChangeOutcome.NotAllowed, record, fault) { IsUnsound = true };

    /// <summary>What a store said, in words.</summary>
    internal static RegistryChange Of(ModelChange change, string version, ModelState to) => new(change.Outcome, change.Record,
        change.Outcome switch
        {
            ModelChangeOutcome.Done => null,
            ModelChangeOutcome.Unknown => $"There is no version {version}. List those that exist with: models list.",
            ModelChangeOutcome.Exists => $"{version} is registered already, as {change.Record?.State.Name()}.",
            ModelChangeOutcome.Stale => $"{version} or the champion was changed by somebody else meanwhile. Nothing was changed: look at "
                + "models list and decide again.",
            _ when change.Record is { } record =>
                $"{version} is {record.State.Name()} ({record.Reason}) and cannot become {to.Name()} from there. "
                    + Advice(record.State, version),
            _ => $"A version cannot begin as {to.Name()}.",
        });

    /// <summary>A change that was not asked of the store, because it would not serve.</summary>
    internal static RegistryChange Refused(ModelRecord? record, string fault) => new(ModelChangeOutcome.NotAllowed, record, fault);

    private static string Advice(ModelState state, string version) => state switch
    {
        ModelState.Rejected or ModelState.Quarantined =>
            $"To use it all the same, stage it first: models release {version} --reason \"...\".",
        ModelState.Champion => "Promote another version, or roll back.",
        _ => $"Its history: models show {version}.",
    };
}
