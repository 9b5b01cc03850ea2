namespace RecSys.Api.Hosting.Requests;

/// <summary>Lets routes that anybody may read answer HEAD, which load balancers and those who watch a site ask.</summary>
internal static class HeadToo
{
    private static readonly HttpMethodMetadata Both = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>
    /// The route answers HEAD as it answers GET, without a body, which the HTTP server leaves out. The OpenAPI document tells of GET alone.
    /// </summary>
    public static T AnswersHeadToo<T>(this T route)
        where T : IEndpointConventionBuilder => route.WithMetadata(Both);
}
