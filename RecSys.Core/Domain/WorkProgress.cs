namespace RecSys.Core.Domain;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Phase">What is being done, such as <c>import ratings</c>; a new phase starts a new line.</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all, or null when unknown.</param>
/// <param name="Unit">Plural name of the unit, such as <c>rows</c>.</param>
/// <param name="Note">Figures worth showing beside the bar, such as a loss.</param>
public readonly record struct WorkProgress(string Phase, long Done, long? Total, string Unit = "rows", string? Note = null);
