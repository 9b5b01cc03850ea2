using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>What the routes that write one thing have in common.</summary>
internal static class Requests
{
    /// <summary>Why a user cannot be written any more.</summary>
    public const string Erased = "This user was erased, and its id stays closed.";

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

    /// <summary>Replaces a thing as a whole, or changes some of its fields.</summary>
    /// <param name="http">The request.</param>
    /// <param name="id">The thing, by the address.</param>
    /// <param name="posting">Takes the change.</param>
    /// <param name="patch">True for a change of what is stored, which must be there then.</param>
    /// <param name="findAsync">What is stored; null when there is nothing.</param>
    /// <param name="read">Reads the body.</param>
    /// <param name="change">Makes the change of what was read.</param>
    public static async Task<IResult> WriteAsync<T>(
        HttpContext http, string id, Posting posting, bool patch, Func<Task<T?>> findAsync, ReadBody<T> read, Func<T, LogChange> change)
        where T : class
    {
        if (IdAndFlag(http, id, out var validateOnly) is { } refusal) return refusal;
        if (!patch && Identifiers.FaultOfNew(id) is { } fault) return BadId(fault);
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            // A patch starts from what is stored: two at once must not lose one of them.
            using var turn = patch ? await posting.EnterAsync(id, http.RequestAborted) : null;
            var old = await findAsync();
            if (patch && old is null) return Problems.Of(StatusCodes.Status404NotFound);
            if (read(id, body.RootElement, "", patch ? old : null, out var faults) is not { } next) return Faults.ToProblem(faults);
            if (validateOnly) return TypedResults.Ok(new WriteResponse(id, "valid", 0, false));
            return Written(id, old is not null, await posting.PostAsync(change(next), http.RequestAborted));
        }
    }

    /// <summary>The reply to a put.</summary>
    private static IResult Written(string id, bool existed, (AppendOutcome Outcome, long Position, bool Folded) posted) =>
        posted.Outcome switch
    {
        AppendOutcome.Accepted when existed => TypedResults.Ok(new WriteResponse(id, "replaced", posted.Position, posted.Folded)),
        AppendOutcome.Accepted => TypedResults.Created((string?)null, new WriteResponse(id, "created", posted.Position, posted.Folded)),
        AppendOutcome.Duplicate => TypedResults.Ok(new WriteResponse(id, "unchanged", posted.Position, posted.Folded)),
        AppendOutcome.Erased => Problems.Of(StatusCodes.Status409Conflict, Erased),
        AppendOutcome.Full => Problems.Of(StatusCodes.Status409Conflict,
            $"There are {LogLimits.MostRules} rules, as many as there may be; remove one first."),
        _ => Problems.Of(StatusCodes.Status422UnprocessableEntity, "The change was not taken."),
    };
}
