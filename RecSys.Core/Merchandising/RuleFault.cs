namespace RecSys.Core.Merchandising;

/// <summary>What is wrong with a rule.</summary>
/// <param name="Field">Name of the field as it is written.</param>
/// <param name="Problem">What it must be, to stand behind the name.</param>
public sealed record RuleFault(string Field, string Problem);
