namespace RecSys.Core.Recommendations.Reasons;

/// <summary>Why an item is in a list, as an app may show it.</summary>
/// <param name="Code">For programs; one of <see cref="ReasonCodes"/>.</param>
/// <param name="Text">For people, in English.</param>
/// <param name="Item">Number of the item that the text speaks of, or null.</param>
public sealed record ItemReason(string Code, string Text, int? Item = null);
