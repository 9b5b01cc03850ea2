using System.Text.Json;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /scenarios</c>.</summary>
/// <param name="Scenarios">By name, in ordinal order.</param>
public sealed record ScenariosResponse(IReadOnlyList<ScenarioBody> Scenarios);

/// <summary>A named placement.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="PolicyHash">Names its settings in records of what was served.</param>
/// <param name="Policy">Its settings in force.</param>
public sealed record ScenarioBody(string Name, string PolicyHash, JsonElement Policy);
