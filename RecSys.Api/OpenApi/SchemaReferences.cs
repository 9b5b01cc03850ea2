using Microsoft.OpenApi;

namespace RecSys.Api.OpenApi;

/// <summary>Named schemas: what stands in several places is described once, and generated clients get one type for it.</summary>
internal static class SchemaReferences
{
    /// <summary>A reference to the schema of that name, which is added where it is not there yet.</summary>
    public static IOpenApiSchema To(OpenApiDocument document, string name, OpenApiSchema schema)
    {
        if (document.Components?.Schemas?.ContainsKey(name) != true) document.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, document);
    }
}
