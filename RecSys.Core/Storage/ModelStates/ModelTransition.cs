namespace RecSys.Core.Storage.ModelStates;

/// <summary>One line of the history, which is only ever added to.</summary>
/// <param name="Number">In the order of commits, over all versions; never given twice.</param>
/// <param name="Version">Whose.</param>
/// <param name="From">Null for the registration.</param>
/// <param name="To">The same as <paramref name="From"/> where the bundle was deleted.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record ModelTransition(
    long Number, string Version, ModelState? From, ModelState To, DateTimeOffset Time, string Actor, string Reason);
