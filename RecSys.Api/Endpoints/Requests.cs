using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>What the routes that write one thing have in common.</summary>
internal static class Requests
{
    /// <summary>Reads the parameter <c>validate_only</c>.</summary>
    /// <returns>The refusal, or null.</returns>
    public static IResult? Flag(HttpContext http, out bool validateOnly)
    {
        var query = http.Query();
        validateOnly = query.Flag("validate_only");
        return query.AreValid ? null : Problems.BadRequest(query.Errors);
    }

    /// <summary>The same for a route with an id in its address.</summary>
    public static IResult? IdAndFlag(HttpContext http, string id, out bool validateOnly) =>
        Flag(http, out validateOnly) ?? (Identifiers.Fault(id) is { } fault ? BadId(fault) : null);

    public static IResult BadId(string fault) => Problems.BadRequest(new Dictionary<string, string[]> { ["id"] = [fault] });

    /// <summary>The reply to a put.</summary>
    public static IResult Written(string id, bool existed, (AppendOutcome Outcome, long Position, bool Folded) posted) =>
        posted.Outcome switch
    {
        AppendOutcome.Accepted when existed => TypedResults.Ok(new WriteResponse(id, "replaced", posted.Position, posted.Folded)),
        AppendOutcome.Accepted => TypedResults.Created((string?)null, new WriteResponse(id, "created", posted.Position, posted.Folded)),
        AppendOutcome.Duplicate => TypedResults.Ok(new WriteResponse(id, "unchanged", posted.Position, posted.Folded)),
        AppendOutcome.Erased => Problems.Of(StatusCodes.Status409Conflict, "This user was erased, and its id stays closed."),
        _ => Problems.Of(StatusCodes.Status422UnprocessableEntity, "The change was not taken."),
    };
}
