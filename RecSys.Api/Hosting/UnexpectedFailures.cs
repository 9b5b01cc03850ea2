using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Api.Hosting;

/// <summary>The one place where unforeseen exceptions end: logged here, one line per cause and minute, answered without details.</summary>
internal sealed partial class UnexpectedFailures(TimeProvider time, ILogger<UnexpectedFailures> logger) : IExceptionHandler
{
    private static readonly TimeSpan RetryRead = TimeSpan.FromSeconds(5);

    private readonly RepeatedReports reports = new(time, RepeatedReports.EveryMinute);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        if (exception is BadHttpRequestException bad)
        {
            httpContext.Response.Headers.Connection = "close";
            await Problems.WriteAsync(httpContext, new ProblemDetails { Status = bad.StatusCode, Detail = Explain(bad.StatusCode) });
            return true;
        }
        // The HTTP server's own word for a length of a chunk that no number holds; every other fault of a body has the type above.
        if (exception is IOException { InnerException: OverflowException })
        {
            httpContext.Response.Headers.Connection = "close";
            var status = StatusCodes.Status400BadRequest;
            await Problems.WriteAsync(httpContext, new ProblemDetails { Status = status, Detail = Explain(status) });
            return true;
        }
        if (exception is LogRefusedException refused)
        {
            await Problems.WriteRetryAsync(httpContext, StatusOf(refused.Reason), refused.RetryAfter, Tell(refused.Reason));
            return true;
        }
        // The request has lost its endpoint by now.
        var route = httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName ?? "no route";
        if (reports.IsDue(exception, out var count)) Failed(logger, exception, route, count);
        if (exception is RecSysException)
        {
            // What a person can put right: a store that cannot be read. Its words name files of the server.
            await Problems.WriteRetryAsync(httpContext, StatusCodes.Status503ServiceUnavailable, RetryRead,
                "What this needs cannot be read at the moment; Retry-After says when to try again.");
            return true;
        }
        await Problems.WriteAsync(httpContext,
            new ProblemDetails { Status = StatusCodes.Status500InternalServerError, Detail = "The server failed; its log says why." });
        return true;
    }

    /// <summary>The status of a reply to what the log did not take.</summary>
    public static int StatusOf(LogRefusal reason) =>
        reason == LogRefusal.QueueFull ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable;

    // The exception's own words may name files of the server.
    private static string Tell(LogRefusal reason) => reason switch
    {
        LogRefusal.QueueFull => "More waits to be stored than can be taken; Retry-After says when to try again.",
        LogRefusal.Stopping => "The server stops; send this to another one, or again later.",
        _ => "Nothing can be stored at the moment; Retry-After says when to try again.",
    };

    private static string Explain(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => "The body did not arrive in time.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this route takes.",
        _ => "This is not a well-formed request.",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Route} failed ({Count} like it since the last such line)")]
    private static partial void Failed(ILogger logger, Exception exception, string route, long count);
}
