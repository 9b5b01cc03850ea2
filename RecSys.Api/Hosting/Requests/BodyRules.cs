using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// Checks what can be said of a request before its handler: the path's escapes, and the size of a body. A body over the limit is answered
/// with 413 on every route, also where nobody reads it (GET, a wrong method, an unknown path); one within it is read to its end there and
/// ignored. A body that a route reads has arrived, or a good part of it, before the request goes on. So this stands before whatever gives
/// out places to work: a client that sends slowly holds none in which others could be served.
/// </summary>
internal static class BodyRules
{
    /// <summary>Most bytes of a body, unless a route raises its own limit.</summary>
    public const long MaxBytes = 64 * 1024;

    // What of a larger body is waited for; the rest has to follow at a rate that no slow client keeps up by sending a byte now and then.
    private const int EnoughBytes = 64 * 1024;
    private static readonly MinDataRate RestOfBody = new(bytesPerSecond: 8 * 1024, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Says that a route reads a JSON body of at most <paramref name="maxBytes"/>.</summary>
    /// <param name="route">The route.</param>
    /// <param name="body">The type that describes the fields; they are read by hand, since every fault of every field is told.</param>
    /// <param name="maxBytes">413 beyond.</param>
    /// <param name="isPatch">True when every field may be left out.</param>
    public static T AcceptsJson<T>(this T route, Type? body = null, long maxBytes = MaxBytes, bool isPatch = false)
        where T : IEndpointConventionBuilder => route.WithMetadata(new AcceptedBody(maxBytes, body, IsPatch: isPatch));

    /// <summary>As <see cref="AcceptsJson"/>, for a route that does without a body, too.</summary>
    public static T AcceptsOptionalJson<T>(this T route, Type body)
        where T : IEndpointConventionBuilder => route.WithMetadata(new AcceptedBody(MaxBytes, body, IsOptional: true));

    /// <summary>
    /// Says that a route reads JSON lines, each as <paramref name="row"/> describes it, of at most <paramref name="maxBytes"/> together.
    /// </summary>
    public static T AcceptsLines<T>(this T route, Type row, string contentType, long maxBytes)
        where T : IEndpointConventionBuilder => route.WithMetadata(new AcceptedBody(maxBytes, row, contentType, IsStream: true));

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
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            if (accepted is null) await SkipAsync(http);
            else if (!accepted.IsStream) await ArriveAsync(http);
        }
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

    // Looked at and left for the handler to read.
    private static async Task ArriveAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted || read.Buffer.Length >= EnoughBytes)
            {
                reader.AdvanceTo(read.Buffer.Start);
                if (!read.IsCompleted && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = RestOfBody;
                return;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
