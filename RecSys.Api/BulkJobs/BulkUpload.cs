using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;

namespace RecSys.Api.BulkJobs;

/// <summary>
/// Brings the body of a request into a file, without holding more of it in memory than a buffer, and without filling the disk that the
/// database lives on.
/// </summary>
internal sealed partial class BulkUpload(BulkFolder folder, BulkOptions options, TimeProvider time, ILogger<BulkUpload> logger)
{
    private const int LookAtDiskEvery = 8 << 20;
    private static readonly string[] Types = ["application/jsonl", "application/x-ndjson", "application/x-jsonlines"];
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    private readonly RepeatedReports reports = new(time, RepeatedReports.EveryMinute);

    /// <summary>The content type, as documented.</summary>
    public const string ContentType = "application/jsonl";

    /// <summary>What keeps the body from being read, or null.</summary>
    public static IResult? Unsupported(HttpRequest request)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        var known = type is not null && Types.Contains(type, StringComparer.OrdinalIgnoreCase)
            && request.Headers.ContentEncoding is [] or ["identity"];
        return known
            ? null : Problems.Of(StatusCodes.Status415UnsupportedMediaType,
            $"The body must be JSON lines, not compressed: Content-Type is one of {string.Join(", ", Types)}.");
    }

    /// <summary>Receives the body.</summary>
    /// <returns>Its size, or the refusal; a refused one leaves nothing behind.</returns>
    public async Task<(long Bytes, IResult? Refusal)> ReceiveAsync(HttpContext http, string id)
    {
        var path = folder.RowsOf(id);
        try
        {
            folder.Create();
            if (folder.FreeBytes() < options.MinFreeBytes + (http.Request.ContentLength ?? 0)) return (0, NoRoom);
            var (bytes, full) = await CopyAsync(http, path);
            if (!full && bytes > 0) return (bytes, null);
            folder.DeleteWorking(id);
            return (0, full ? NoRoom : Problems.BadRequest(new Dictionary<string, string[]> { [""] = ["must not be empty"] }));
        }
        catch (BadHttpRequestException fault)
        {
            folder.DeleteWorking(id);
            http.Response.Headers.Connection = "close";
            var detail = fault.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The body is larger than {options.MaxFileBytes} bytes; post it in parts." : "The body could not be read to its end.";
            return (0, Problems.Of(fault.StatusCode, detail));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException && !http.RequestAborted.IsCancellationRequested)
        {
            folder.DeleteWorking(id);
            if (reports.IsDue(exception, out var times)) NotReceived(logger, path, exception.Message, times);
            return (0, NoRoom);
        }
        catch
        {
            folder.DeleteWorking(id);
            throw;
        }
    }

    private static IResult NoRoom => new RetryLater(
        Retry, "There is no room for the file on the server's disk, or it cannot be written; Retry-After says when to try again. "
            + "Nothing of it was stored.");

    private async Task<(long Bytes, bool Full)> CopyAsync(HttpContext http, string path)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var reader = http.Request.BodyReader;
        var (bytes, looked) = (0L, 0L);
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            foreach (var part in read.Buffer) await file.WriteAsync(part, http.RequestAborted);
            bytes += read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
            if (bytes - looked < LookAtDiskEvery) continue;
            looked = bytes;
            await file.FlushAsync(http.RequestAborted);
            if (folder.FreeBytes() < options.MinFreeBytes) return (bytes, true);
        }
        await file.FlushAsync(http.RequestAborted);
        return (bytes, false);
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "An upload could not be written to {Path}: {Reason} ({Times} times since the last line)")]
    private static partial void NotReceived(ILogger logger, string path, string reason, long times);
}
