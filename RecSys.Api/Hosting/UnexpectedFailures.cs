using Microsoft.AspNetCore.Diagnostics;

namespace RecSys.Api.Hosting;

/// <summary>The one place where unforeseen exceptions end: logged here once, answered without details.</summary>
internal sealed partial class UnexpectedFailures(IProblemDetailsService problems, ILogger<UnexpectedFailures> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        if (exception is BadHttpRequestException bad)
        {
            httpContext.Response.StatusCode = bad.StatusCode;
        }
        else
        {
            httpContext.Response.StatusCode = StatusCodes.Status500InternalServerError;
            Failed(logger, exception, httpContext.Request.Path);
        }
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Path} failed")]
    private static partial void Failed(ILogger logger, Exception exception, string path);
}
