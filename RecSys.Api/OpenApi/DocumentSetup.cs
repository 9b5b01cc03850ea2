namespace RecSys.Api.OpenApi;

/// <summary>Registration and route of the OpenAPI document.</summary>
internal static class DocumentSetup
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/openapi/v1.json";

    private const string Name = "v1";

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<DocumentExamples>();
        services.AddOpenApi(Name, options =>
        {
            options.AddSchemaTransformer<SchemaDocumentation>();
            options.AddOperationTransformer<RequestDocumentation>();
            options.AddOperationTransformer<ReplyDocumentation>();
            options.AddDocumentTransformer<DocumentFrame>();
            // What HEAD answers is what GET answers, without a body.
            options.ShouldInclude = route => route.HttpMethod != HttpMethods.Head;
        });
    }
}
