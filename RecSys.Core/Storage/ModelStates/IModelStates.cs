namespace RecSys.Core.Storage.ModelStates;

/// <summary>
/// The states of all model versions and their history: the one truth about what may serve. Every change is one transaction, compared with
/// the revision that it was decided on, and written to the history; at most one version is champion at any moment.
/// </summary>
public interface IModelStates
{
    /// <summary>All versions, in ordinal order.</summary>
    Task<IReadOnlyList<ModelRecord>> ListAsync(CancellationToken ct = default);

    /// <summary>One version, or null.</summary>
    Task<ModelRecord?> FindAsync(string version, CancellationToken ct = default);

    /// <summary>The champion, or null when there was never one.</summary>
    Task<ModelRecord?> ReadChampionAsync(CancellationToken ct = default);

    /// <summary>
    /// Takes a version up, or gives one that is in <see cref="ModelState.Training"/> its next state with what is known of it by now.
    /// </summary>
    Task<ModelChange> RegisterAsync(ModelRegistration registration, CancellationToken ct = default);

    /// <summary>Changes a state, if <see cref="ModelStateRules"/> allow it and nobody was faster.</summary>
    Task<ModelChange> MoveAsync(ModelMove move, CancellationToken ct = default);

    /// <summary>
    /// Notes that a bundle is about to be deleted: from then on the version cannot become champion before it was given the state
    /// <see cref="ModelState.Staging"/> again.
    /// </summary>
    Task<ModelChange> CollectAsync(string version, long expectedRevision, string actor, CancellationToken ct = default);

    /// <summary>Takes versions over from before there were states, all or nothing, unless the store knows any version already.</summary>
    /// <returns>False when it does.</returns>
    Task<bool> TakeOverAsync(IReadOnlyList<ModelRegistration> versions, CancellationToken ct = default);

    /// <summary>The history, newest first.</summary>
    /// <param name="version">Of this version; null for all.</param>
    /// <param name="most">Most lines.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<IReadOnlyList<ModelTransition>> TransitionsAsync(string? version, int most, CancellationToken ct = default);
}
