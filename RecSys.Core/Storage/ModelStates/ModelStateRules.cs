namespace RecSys.Core.Storage.ModelStates;

/// <summary>Which state may follow which: the one table that every store keeps to.</summary>
public static class ModelStateRules
{
    /// <summary>
    /// True when a version may go from one state to the other. A champion is left only by the promotion of its successor, in the same
    /// transaction, so that there is never none; see <see cref="MayGiveWayAs"/>.
    /// </summary>
    public static bool Allows(ModelState from, ModelState to) => from switch
    {
        ModelState.Training => to is ModelState.Staging or ModelState.Rejected or ModelState.Quarantined,
        ModelState.Rejected => to is ModelState.Staging or ModelState.Quarantined,
        ModelState.Staging => to is not (ModelState.Training or ModelState.Staging),
        ModelState.Shadow => to is not (ModelState.Training or ModelState.Shadow),
        ModelState.Canary => to is not (ModelState.Training or ModelState.Canary),
        ModelState.Retired => to is ModelState.Staging or ModelState.Champion or ModelState.Quarantined,
        ModelState.Quarantined => to is ModelState.Staging,
        _ => false,
    };

    /// <summary>True when a version may begin in this state.</summary>
    public static bool MayBegin(ModelState state) => state is ModelState.Training or ModelState.Rejected or ModelState.Staging;

    /// <summary>True when a champion may have this state once its successor has its place.</summary>
    public static bool MayGiveWayAs(ModelState state) => state is ModelState.Retired or ModelState.Quarantined;

    /// <summary>True when the bundle of a version in this state may be deleted.</summary>
    public static bool MayBeCollected(ModelState state) => state is ModelState.Retired or ModelState.Rejected;

    /// <summary>The name that is stored and shown.</summary>
    public static string Name(this ModelState state) => state switch
    {
        ModelState.Training => "training",
        ModelState.Rejected => "rejected",
        ModelState.Staging => "staging",
        ModelState.Shadow => "shadow",
        ModelState.Canary => "canary",
        ModelState.Champion => "champion",
        ModelState.Retired => "retired",
        ModelState.Quarantined => "quarantined",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No state of a model."),
    };

    /// <summary>The state of a stored name.</summary>
    /// <exception cref="FormatException">No state has this name.</exception>
    public static ModelState Parse(string name)
    {
        foreach (var state in Enum.GetValues<ModelState>())
        {
            if (state.Name() == name) return state;
        }
        throw new FormatException("A model in the store has a state that this program does not know.");
    }
}
