using Microsoft.AspNetCore.Http.Features;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// Checks what can be said of a request before its handler: the path's escapes, and the size of a body. A body over the limit is answered
/// with 413 on every route, also where nobody reads it (GET, a wrong method, an unknown path); one within it is read to its end there and
/// ignored.
/// </summary>
internal static class BodyRules
{
    /// <summary>Most bytes of a body, unless a route raises its own limit.</summary>
    public const long MaxBytes = 64 * 1024;

    /// <summary>Says that a route reads a JSON body of at most <paramref name="maxBytes"/>.</summary>
    /// <param name="route">The route.</param>
    /// <param name="body">The type that describes the fields; they are read by hand, since every fault of every field is told.</param>
    /// <param name="maxBytes">413 beyond.</param>
    /// <param name="isPatch">True when every field may be left out.</param>
    public static T AcceptsJson<T>(this T route, Type? body = null, long maxBytes = MaxBytes, bool isPatch = false)
        where T : IEndpointConventionBuilder => route.WithMetadata(new AcceptedBody(maxBytes, body, IsPatch: isPatch));

    /// <summary>
    /// Says that a route reads JSON lines, each as <paramref name="row"/> describes it, of at most <paramref name="maxBytes"/> together.
    /// </summary>
    public static T AcceptsLines<T>(this T route, Type row, string contentType, long maxBytes)
        where T : IEndpointConventionBuilder => route.WithMetadata(new AcceptedBody(maxBytes, row, contentType));

    public static void UseBodyRules(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (!QueryRules.PathIsSound(http))
        {
            await Problems.Of(StatusCodes.Status400BadRequest, "The path has an escape that is not UTF-8 or not two hexadecimal digits.")
                .ExecuteAsync(http);
            return;
        }
        var accepted = http.GetEndpoint()?.Metadata.GetMetadata<AcceptedBody>();
        var limit = accepted?.MaxBytes ?? MaxBytes;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        if (http.Request.ContentLength > limit)
        {
            await RefuseAsync(http, limit);
            return;
        }
        if (accepted is null && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }) await SkipAsync(http);
        await next(http);
    });

    /// <summary>Answers 413 and lets the connection go, as what is on its way would have to be read.</summary>
    public static Task RefuseAsync(HttpContext http, long limit)
    {
        http.Response.Headers.Connection = "close";
        return Problems.Of(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {limit} bytes.").ExecuteAsync(http);
    }

    // A body that turns out too long or too slow throws, and UnexpectedFailures answers with its status.
    private static async Task SkipAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }
}
