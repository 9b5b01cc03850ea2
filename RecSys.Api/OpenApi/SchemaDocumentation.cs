using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RecSys.Core.Domain;

namespace RecSys.Api.OpenApi;

/// <summary>What schemas say beyond names and types: the words that a field may be, and the forms that no type shows.</summary>
internal sealed class SchemaDocumentation : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (typeof(ProblemDetails).IsAssignableFrom(type) && context.JsonPropertyInfo is null) Problem(schema);
        else if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(AttributeValue)) Attribute(schema);
        var words = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: false);
        if (words is [AllowedValuesAttribute allowed, ..]) Allow(schema, allowed);
        return Task.CompletedTask;
    }

    private static void Allow(OpenApiSchema schema, AllowedValuesAttribute allowed)
    {
        var target = schema.Type is { } type && type.HasFlag(JsonSchemaType.Array) ? schema.Items as OpenApiSchema ?? schema : schema;
        target.Enum = [.. allowed.Values.Select(value => (JsonNode)(string)value!)];
        // What may be left out may be null, which has to be among the words then.
        if (target.Type?.HasFlag(JsonSchemaType.Null) == true) target.Enum.Add(JsonNullSentinel.JsonNull);
    }

    // One of five forms, told apart by their JSON.
    private static void Attribute(OpenApiSchema schema)
    {
        schema.Type = null;
        schema.Properties = null;
        schema.OneOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.Number },
            new OpenApiSchema { Type = JsonSchemaType.String },
            new OpenApiSchema { Type = JsonSchemaType.Boolean },
            new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            new OpenApiSchema { Type = JsonSchemaType.Null },
        ];
        schema.Description = "A number, a string, an array of strings or a boolean; a string that is a time in RFC 3339 is a time.";
    }

    // Every problem of this server has these fields, and no others.
    private static void Problem(OpenApiSchema schema)
    {
        schema.Description = "What went wrong (RFC 9457). The type is about:blank: title says what the status says, detail what to do.";
        schema.Required = new HashSet<string> { "title", "status", "trace_id" };
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Name of the status." },
            ["status"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Format = "int32", Minimum = "400", Maximum = "599", Description = "Status of the reply.",
            },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong, and how to put it right." },
            ["trace_id"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Names the request in the server's logs." },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "With 400: what is wrong, by parameter or JSON pointer.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
        };
    }
}
