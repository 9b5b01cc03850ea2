using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
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
        group.MapPost("/{number:long}/replay", ReplayAsync).WithName("ReplayDeadLetter").WithSummary("Store it after all").Produces<WriteResponse>();
        group.MapDelete("/{number:long}", DeleteAsync).WithName("DropDeadLetter").WithSummary("Forget it").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IDeadLetters letters)
    {
        if (Paging.Read(http, first: 0, out var after, out var limit) is { } refusal) return refusal;
        var page = await letters.ListAsync(after, limit, http.RequestAborted);
        return TypedResults.Ok(new DeadLetterPage([.. page.Select(DeadLetterEntry.Of)], Paging.Cursor(page.Count, limit, page.Count == 0 ? 0 : page[^1].Number)));
    }

    private static async Task<IResult> ReplayAsync(HttpContext http, long number, IDeadLetters letters, Posting posting, TimeProvider time)
    {
        if (await letters.FindAsync(number, http.RequestAborted) is not { } letter) return Problems.Of(StatusCodes.Status404NotFound);
        using var json = JsonDocument.Parse(letter.Content);
        var reading = EventReading.Of(json.RootElement, "", time.GetUtcNow());
        if (reading.Event is null) return Faults.ToProblem(reading.Faults);
        var (outcome, position, folded) = await posting.PostAsync(new EventChange(reading.Event), http.RequestAborted);
        if (outcome is AppendOutcome.Rejected) return Problems.Of(StatusCodes.Status409Conflict, "It still cannot be stored; it stays where it is.");
        await letters.RemoveAsync(number, http.RequestAborted);
        return TypedResults.Ok(new WriteResponse(reading.Id!, outcome == AppendOutcome.Accepted ? "created" : "unchanged", position, folded));
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, long number, IDeadLetters letters) =>
        await letters.RemoveAsync(number, http.RequestAborted) ? TypedResults.NoContent() : Problems.Of(StatusCodes.Status404NotFound);
}
