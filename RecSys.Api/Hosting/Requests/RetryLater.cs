namespace RecSys.Api.Hosting.Requests;

/// <summary>503 with Retry-After.</summary>
/// <param name="wait">When it is worth trying again.</param>
/// <param name="detail">What is wrong.</param>
/// <param name="status">Another status, such as 429.</param>
internal sealed class RetryLater(TimeSpan wait, string detail, int status = StatusCodes.Status503ServiceUnavailable) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteRetryAsync(httpContext, status, wait, detail);
}
