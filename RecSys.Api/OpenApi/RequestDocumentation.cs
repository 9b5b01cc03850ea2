using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.OpenApi;

/// <summary>
/// Describes what routes say of their bodies and parameters in the OpenAPI document. Handlers read both by hand, strictly, so that the
/// document cannot be had from their signatures alone.
/// </summary>
internal sealed class RequestDocumentation(DocumentExamples examples) : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var example = examples.Of(operation.OperationId);
        if (metadata.OfType<AcceptedBody>().LastOrDefault() is { Documented: { } type } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !body.IsOptional,
                Description = body.IsStream ? "One such object a line." : null,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [body.ContentType] = new()
                    {
                        Schema = await SchemaOfAsync(context, type, body.IsPatch, cancellationToken),
                        Example = example?.Request?.DeepClone(),
                    },
                },
            };
        }
        operation.Parameters ??= [];
        foreach (var name in metadata.OfType<AcceptedQuery>().LastOrDefault()?.Names ?? [])
        {
            if (operation.Parameters.Any(parameter => parameter.Name == name)) continue;
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query });
        }
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>()) Describe(parameter, operation.OperationId, example);
        if (metadata.OfType<RevisionHeader>().Any()) operation.Parameters.Add(RevisionHeader.Parameter());
    }

    private static void Describe(OpenApiParameter parameter, string? operation, OperationExample? example)
    {
        var known = KnownParameter.Find(operation, parameter.Name!);
        if (known is not null) parameter.Schema = known.Schema();
        parameter.Schema ??= new OpenApiSchema { Type = JsonSchemaType.String };
        parameter.Description ??= known?.Description;
        if (example?.Parameters?[parameter.Name!] is { } value) parameter.Example = value.DeepClone();
    }

    // A patch has the fields of the whole, none of them required: a schema of its own where that makes a difference.
    private static async Task<IOpenApiSchema> SchemaOfAsync(
        OpenApiOperationTransformerContext context, Type type, bool isPatch, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken);
        if (!isPatch || schema.Required is not { Count: > 0 }) return SchemaReferences.To(context.Document!, type.Name, schema);
        schema.Required.Clear();
        return SchemaReferences.To(context.Document!, $"{type.Name}Patch", schema);
    }
}
