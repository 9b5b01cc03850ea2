namespace RecSys.Api.Contracts.Reading;

/// <summary>What is wrong with one place of a body.</summary>
/// <param name="Code">Stable snake-case word: <c>missing</c>, <c>wrong_type</c>, <c>invalid</c>, <c>unknown_field</c>,
/// <c>future</c>.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) to the place.</param>
/// <param name="Detail">The rule that it breaks; never the value.</param>
internal sealed record FieldFault(string Code, string Pointer, string Detail);
