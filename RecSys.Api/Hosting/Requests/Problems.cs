using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// Writes problem details (RFC 9457), whatever the client says it accepts: this is an API, and a browser that opens one of its addresses
/// gets JSON too. A problem carries a trace id and never an exception or a value that was sent.
/// </summary>
internal sealed class Problems : IProblemDetailsWriter
{
    public const string ContentType = "application/problem+json";

    public static IResult BadRequest(IDictionary<string, string[]> errors) =>
        new ProblemResult(
            new HttpValidationProblemDetails(errors) { Status = StatusCodes.Status400BadRequest,
            Detail = "The request has faults; errors names each place and what is wrong there." });

    public static IResult Of(int status, string? detail = null) =>
        new ProblemResult(new ProblemDetails { Status = status, Detail = detail });

    /// <summary>
    /// Ends a request that is refused for now. <paramref name="wait"/> becomes Retry-After, in whole seconds, at least one.
    /// </summary>
    public static Task WriteRetryAsync(HttpContext http, int status, TimeSpan wait, string detail)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(http, new ProblemDetails { Status = status, Detail = detail });
    }

    public static Task WriteAsync(HttpContext http, ProblemDetails problem)
    {
        if (http.Response.HasStarted) return Task.CompletedTask;
        var status = problem.Status ?? http.Response.StatusCode;
        (problem.Status, http.Response.StatusCode) = (status, status);
        problem.Title = ReasonPhrases.GetReasonPhrase(status);
        problem.Type = null;
        problem.Extensions["trace_id"] = http.TraceIdentifier;
        return problem is HttpValidationProblemDetails validation
            ? http.Response.WriteAsJsonAsync(validation, options: null, ContentType, http.RequestAborted)
            : http.Response.WriteAsJsonAsync(problem, options: null, ContentType, http.RequestAborted);
    }

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        if (context.ProblemDetails.Status is null) context.ProblemDetails.Status = context.HttpContext.Response.StatusCode;
        await WriteAsync(context.HttpContext, context.ProblemDetails);
    }

    private sealed class ProblemResult(ProblemDetails problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);
    }
}
