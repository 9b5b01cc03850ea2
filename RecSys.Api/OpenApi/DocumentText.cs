using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RecSys.Api.OpenApi;

/// <summary>The document as it is kept in a repository: indented, with a line feed at its end, and characters as they are.</summary>
internal static class DocumentText
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(string json) => JsonNode.Parse(json)!.ToJsonString(Indented) + "\n";
}
