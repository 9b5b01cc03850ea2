using System.Buffers;
using System.Text.Json;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// Reads a JSON body strictly; see <see cref="JsonText"/> for what is refused. Every fault becomes a problem that names the place by JSON
/// pointer.
/// </summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = JsonText.MaxDepth };

    /// <summary>Reads the body.</summary>
    /// <returns>The document, the caller's to dispose of, or the answer to give instead: 400, 408, 413 or 415.</returns>
    public static async Task<JsonBodyResult> ReadDocumentAsync(HttpContext http)
    {
        var (bytes, problem) = await ReadBytesAsync(http);
        if (problem is not null) return new(problem);
        return JsonText.Find(bytes) is { } fault ? new(Refusal(fault)) : new(JsonDocument.Parse(bytes, Depth));
    }

    private static IResult Refusal(JsonFault fault) =>
        Problems.BadRequest(new Dictionary<string, string[]> { [fault.Pointer] = [fault.Message] });

    private static async ValueTask<(byte[] Bytes, IResult? Problem)> ReadBytesAsync(HttpContext http)
    {
        if (Unsupported(http.Request) is { } why) return ([], Problems.Of(StatusCodes.Status415UnsupportedMediaType, why));
        try
        {
            ArrayBufferWriter<byte>? buffer = null;
            var reader = http.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(http.RequestAborted);
                // Most bodies come in one piece.
                var whole = read.IsCompleted && buffer is null ? read.Buffer.ToArray() : null;
                if (whole is null)
                {
                    buffer ??= new ArrayBufferWriter<byte>();
                    foreach (var part in read.Buffer) buffer.Write(part.Span);
                }
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return (whole ?? buffer!.WrittenSpan.ToArray(), null);
            }
        }
        catch (BadHttpRequestException fault)
        {
            var detail = fault.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? "The body is larger than this route takes." : "The body could not be read to its end.";
            return ([], Problems.Of(fault.StatusCode, detail));
        }
    }

    private static string? Unsupported(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            return "The body must not be compressed.";
        var type = request.ContentType;
        if (type == "application/json") return null;
        if (type is null) return "Content-Type must be application/json.";
        var parts = type.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !parts[0].Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return "Content-Type must be application/json.";
        return parts.Skip(1)
            .All(parameter => parameter.Replace("\"", "", StringComparison.Ordinal)
            .Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase))
            ? null
            : "Content-Type may say charset=utf-8 and nothing else; JSON is UTF-8.";
    }
}
