using System.Globalization;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>Events that could not be stored: to look at, to send again, to drop.</summary>
internal static class DeadLetterEndpoints
{
    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/events/dead-letters").RequireAuthorization(Scopes.Admin).CountsAs(OperationClass.Admin);
        group.MapGet("", ListAsync).WithName("ListDeadLetters").WithSummary("Events that could not be stored, page by page")
            .AcceptsQuery(Paging.Parameters).Produces<DeadLetterPage>();
        group.MapPost("/{number:long}/replay", ReplayAsync).WithName("ReplayDeadLetter").WithSummary("Store it after all")
            .AcceptsQuery("validate_only")
            .Produces<WriteResponse>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/{number:long}", DeleteAsync).WithName("DropDeadLetter").WithSummary("Forget it").AcceptsQuery("validate_only")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IDeadLetters letters)
    {
        if (Paging.Read(http, first: 0, out var after, out var limit) is { } refusal) return refusal;
        var page = await letters.ListAsync(after, limit, http.RequestAborted);
        return TypedResults.Ok(
            new DeadLetterPage([.. page.Select(DeadLetterEntry.Of)],
            Paging.Cursor(page.Count, limit, page.Count == 0 ? 0 : page[^1].Number)));
    }

    private static async Task<IResult> ReplayAsync(HttpContext http, long number, IDeadLetters letters, Posting posting)
    {
        if (Requests.Flag(http, out var validateOnly) is { } refusal) return refusal;
        if (await letters.FindAsync(number, http.RequestAborted) is not { } letter) return Problems.Of(StatusCodes.Status404NotFound);
        var id = number.ToString(CultureInfo.InvariantCulture);
        if (DeadLetterContent.Read(letter.Content) is not { } change || RecordRules.FindProblem(change) is not null)
            return Problems.Of(StatusCodes.Status409Conflict,
                "What this letter holds is no change that this program can store; look at it and drop it.");
        if (validateOnly) return TypedResults.Ok(new WriteResponse(id, "valid", 0, false));
        var (outcome, position, folded) = await posting.PostAsync(change, http.RequestAborted);
        switch (outcome)
        {
            case AppendOutcome.Accepted or AppendOutcome.Parked or AppendOutcome.Duplicate:
                await letters.RemoveAsync(number, http.RequestAborted);
                return TypedResults.Ok(
                    new WriteResponse(id, outcome == AppendOutcome.Duplicate ? "unchanged" : "created", position, folded));
            case AppendOutcome.Rejected:
                // The writer has made a letter of it again, with what the store says now; one of the two is enough.
                if (await IsKeptAgainAsync(letters, letter, http.RequestAborted)) await letters.RemoveAsync(number, http.RequestAborted);
                return Problems.Of(StatusCodes.Status409Conflict,
                    "It still cannot be stored and is the last of the dead letters again; its reason says what the store objects to.");
            case AppendOutcome.TooOld:
                return Problems.Of(StatusCodes.Status409Conflict,
                    "It is older than event ids are remembered by now; import it from a file, then drop it here.");
            case AppendOutcome.Full:
                return Problems.Of(StatusCodes.Status409Conflict,
                    "Its item is unknown, and no more events on unknown items can wait; add the item first.");
            default:
                return Problems.Of(StatusCodes.Status409Conflict, "It speaks of an item or a user that is unknown or was erased; drop it.");
        }
    }

    private static async Task<bool> IsKeptAgainAsync(IDeadLetters letters, DeadLetter letter, CancellationToken cancellationToken) =>
        (await letters.ListAsync(letter.Number, Paging.Max, cancellationToken)).Any(later => later.Content == letter.Content);

    private static async Task<IResult> DeleteAsync(HttpContext http, long number, IDeadLetters letters)
    {
        if (Requests.Flag(http, out var validateOnly) is { } refusal) return refusal;
        var found = validateOnly
            ? await letters.FindAsync(number, http.RequestAborted) is not null : await letters.RemoveAsync(number, http.RequestAborted);
        return found ? TypedResults.NoContent() : Problems.Of(StatusCodes.Status404NotFound);
    }
}
