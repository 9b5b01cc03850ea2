using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace RecSys.Api.OpenApi;

/// <summary>Makes texts that were written for the code readable in the document: on one line, and without notes to its authors.</summary>
internal static partial class DocumentTexts
{
    private const string Note = "For the OpenAPI document.";

    /// <summary>Goes through a schema and all that stands in it; what it refers to by name has its own turn.</summary>
    public static void Tidy(IOpenApiSchema? schema)
    {
        if (schema is null) return;
        if (schema.Description is { } text) schema.Description = Tidy(text);
        if (schema is OpenApiSchemaReference) return;
        foreach (var property in schema.Properties?.Values.AsEnumerable() ?? []) Tidy(property);
        foreach (var part in (schema.OneOf ?? []).Concat(schema.AnyOf ?? []).Concat(schema.AllOf ?? [])) Tidy(part);
        Tidy(schema.Items);
        Tidy(schema.AdditionalProperties);
    }

    private static string Tidy(string text) =>
        Space().Replace(text, " ").Replace(Note, "", StringComparison.Ordinal).Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
