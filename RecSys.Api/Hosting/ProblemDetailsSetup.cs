namespace RecSys.Api.Hosting;

internal static class ProblemDetailsSetup
{
    /// <summary>Problem details (RFC 9457) carry a trace id and never an exception.</summary>
    public static void Configure(ProblemDetailsOptions options) =>
        options.CustomizeProblemDetails = context => context.ProblemDetails.Extensions["trace_id"] = context.HttpContext.TraceIdentifier;
}
