using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RecSys.Tests.OpenApi;

/// <summary>A call of <c>curl</c> that was made, and its reply.</summary>
/// <param name="Block">Where it stands.</param>
/// <param name="Method">As it was sent.</param>
/// <param name="Target">Path and query.</param>
/// <param name="RequestBody">Null for none.</param>
/// <param name="Status">0 where there was no reply.</param>
/// <param name="ContentType">Without parameters; null for none.</param>
/// <param name="Body">Of the reply.</param>
internal sealed record ApiCall(
    ApiBlock Block, string Method, Uri Target, string? RequestBody, int Status, string? ContentType, string Body)
{
    public string Path => Target.AbsolutePath;

    /// <summary>The body as JSON; null where it is none.</summary>
    public JsonNode? Json => ContentType is "application/json" or "application/problem+json" ? JsonNode.Parse(Body) : null;

    /// <summary>True when it stands below the heading of an operation.</summary>
    public bool IsBelow(ApiOperation operation) =>
        Regex.Replace(Block.Route, ":[a-z]+}", "}").TrimEnd('/') == $"{operation.Method} {operation.Path}";

    /// <summary>What it was answered with, for messages.</summary>
    public override string ToString() => $"{Method} {Target.PathAndQuery}: {Status} {Body[..Math.Min(Body.Length, 400)]}";

    /// <summary>What is not as the page says; empty when all is.</summary>
    public IEnumerable<string> Differences(ExpectedReply expected)
    {
        if (!expected.Statuses.Contains(Status))
        {
            yield return $"{this}\n  but the page says {string.Join(" or ", expected.Statuses)}";
            yield break;
        }
        foreach (var (name, value) in expected.Fields)
        {
            if (Json is not JsonObject json || !json.TryGetPropertyValue(name, out var found))
                yield return $"{this}\n  has no field {name}";
            else if (value is not null && Text(found) != value) yield return $"{this}\n  has in {name} not {value}";
        }
    }

    private static string Text(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString() ?? "null";

    /// <summary>A call by what was noted of it.</summary>
    public static ApiCall Of(ApiBlock block, IReadOnlyList<string> arguments, string status, string head, string body)
    {
        var (method, target, sent) = ((string?)null, (Uri?)null, (string?)null);
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "-X": method = arguments[++i]; break;
                case "-d" or "--data-binary": sent = arguments[++i]; break;
                case "-H" or "--max-time": i++; break;
                case var other when other.Contains("://", StringComparison.Ordinal): target = new Uri(other); break;
                case var other: Assert.StartsWith("-", other, StringComparison.Ordinal); break;
            }
        }
        var type = head.Split('\n').LastOrDefault(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))
            ?.Split(':', 2)[1].Split(';')[0].Trim();
        return new ApiCall(block, method ?? (sent is null ? "GET" : "POST"), target!, sent, int.TryParse(status, out var code) ? code : 0,
            type, body);
    }
}
