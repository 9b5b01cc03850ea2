using System.Text.Json.Serialization;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /models</c>, newest first.</summary>
/// <param name="Champion">The version that serves whoever is in no experiment, by the store; null before the first.</param>
/// <param name="Serving">The same in this process; another one while it has not taken the new one in, or refused it.</param>
/// <param name="Models">The versions.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
/// <param name="Nights">When this process trains by itself; left out where it never does.</param>
public sealed record ModelPage(string? Champion, string? Serving, IReadOnlyList<ModelBody> Models, string? NextCursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NightsBody? Nights = null);
