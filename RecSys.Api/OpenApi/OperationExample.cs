using System.Text.Json.Nodes;

namespace RecSys.Api.OpenApi;

/// <summary>One request and its reply, as a server answered it; long arrays are cut to their beginning.</summary>
/// <param name="Parameters">Values by name of the parameter.</param>
/// <param name="Request">The body; null for none.</param>
/// <param name="Status">Of the reply.</param>
/// <param name="Reply">Its body; null for none.</param>
internal sealed record OperationExample(JsonObject? Parameters, JsonNode? Request, int Status, JsonNode? Reply)
{
    public static OperationExample Of(JsonNode json) => new(
        json["parameters"] as JsonObject, json["request"], json["status"]!.GetValue<int>(), json["reply"]);
}
