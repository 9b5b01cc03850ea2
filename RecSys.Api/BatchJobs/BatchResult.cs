using System.Buffers;
using RecSys.Api.BulkJobs;
using RecSys.Core.Pipeline;

namespace RecSys.Api.BatchJobs;

/// <summary>Sends the result of a job, without the lines of users who were erased since.</summary>
internal sealed class BatchResult(string path, WorldSource worlds) : IResult
{
    private const int FlushEvery = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var lines = new JsonLineReader(path, BatchLine.MaxBytes);
        var (response, waiting) = (httpContext.Response, 0);
        response.ContentType = BulkUpload.ContentType;
        while (lines.TryRead(out var line))
        {
            if (BatchLine.UserOf(line.Span) is not { } user || worlds.Take().IsErased(user)) continue;
            response.BodyWriter.Write(line.Span);
            response.BodyWriter.Write("\n"u8);
            waiting += line.Length + 1;
            if (waiting < FlushEvery) continue;
            waiting = 0;
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
