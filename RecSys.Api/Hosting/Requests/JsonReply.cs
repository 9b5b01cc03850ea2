using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// A reply that is small enough to be made before it is sent: with a length, in one piece, where a serializer that writes into the
/// connection sends it in chunks.
/// </summary>
/// <param name="value">The body.</param>
/// <param name="type">How it is written.</param>
/// <param name="status">Status code.</param>
internal sealed class JsonReply<T>(T value, JsonTypeInfo<T> type, int status) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
    }
}
