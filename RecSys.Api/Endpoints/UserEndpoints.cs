using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>
/// Users: profiles, what is stored of one, joining an anonymous visitor to a user, and forgetting one. A user may see and erase itself; the
/// rest needs <c>service</c> or <c>admin</c>.
/// </summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/users").CountsAs(OperationClass.Catalogue).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapPut("/{id}", PutAsync).WithName("PutUser").WithSummary("Store a profile, or replace it as a whole")
            .RequireAuthorization(Scopes.Service).AcceptsJson(typeof(UserRequest)).AcceptsQuery("validate_only")
            .Produces<WriteResponse>().Produces<WriteResponse>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPatch("/{id}", PatchAsync).WithName("PatchUser").WithSummary("Change some fields of a profile (merge patch)")
            .RequireAuthorization(Scopes.Service).AcceptsJson(typeof(UserRequest), isPatch: true).AcceptsQuery("validate_only")
            .Produces<WriteResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id}", GetAsync).WithName("GetUser").WithSummary("A profile as it is stored").RequireAuthorization()
            .Produces<UserBody>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{id}", DeleteAsync).WithName("EraseUser")
            .WithSummary("Forget a user everywhere; late events do not bring it back")
            .RequireAuthorization().AcceptsQuery("validate_only").Produces<WriteResponse>();
        group.MapGet("", ListAsync).WithName("ListUsers").WithSummary("All stored profiles, page by page")
            .RequireAuthorization(Scopes.Service).AcceptsQuery(Paging.Parameters).Produces<UserPage>();
        group.MapGet("/{id}/export", ExportAsync).WithName("ExportUser").WithSummary("Everything that is stored of a user, as JSON lines")
            .RequireAuthorization().Produces<string>(StatusCodes.Status200OK, UserExport.ContentType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/merge", MergeAsync).WithName("MergeUsers")
            .WithSummary("An anonymous visitor is this user: history, seen items and state move over")
            .RequireAuthorization(Scopes.Service).AcceptsJson(typeof(MergeRequest)).AcceptsQuery("validate_only")
            .Produces<WriteResponse>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Task<IResult> PutAsync(HttpContext http, string id, ILogContents contents, Posting posting) =>
        WriteAsync(http, id, contents, posting, patch: false);

    private static Task<IResult> PatchAsync(HttpContext http, string id, ILogContents contents, Posting posting) =>
        WriteAsync(http, id, contents, posting, patch: true);

    private static Task<IResult> WriteAsync(HttpContext http, string id, ILogContents contents, Posting posting, bool patch) =>
        Requests.WriteAsync(
            http, id, posting, patch, () => contents.FindUserAsync(id, http.RequestAborted), UserReading.Read, user => new UserPut(user));

    private static async Task<IResult> GetAsync(HttpContext http, string id, ILogContents contents)
    {
        if (Identifiers.Fault(id) is { } fault) return Requests.BadId(fault);
        // Forbidden and unknown look alike.
        if (!http.User.MayActFor(id)) return Problems.Of(StatusCodes.Status403Forbidden);
        if (await contents.FindUserAsync(id, http.RequestAborted) is not { } user) return Problems.Of(StatusCodes.Status404NotFound);
        // A visitor's token does not show the profile of whom the visitor has become.
        return http.User.MayActFor(user.Id) ? TypedResults.Ok(UserBody.Of(user)) : Problems.Of(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string id, UserErasing erasing)
    {
        if (Requests.IdAndFlag(http, id, out var validateOnly) is { } refusal) return refusal;
        if (!http.User.MayActFor(id)) return Problems.Of(StatusCodes.Status403Forbidden);
        if (validateOnly) return TypedResults.Ok(new WriteResponse(id, "valid", 0, false));
        var (position, folded) = await erasing.EraseAsync(http, id);
        return TypedResults.Ok(new WriteResponse(id, "erased", position, folded));
    }

    private static async Task<IResult> ListAsync(HttpContext http, ILogContents contents)
    {
        if (Paging.Read(http, first: 0, out var after, out var limit) is { } refusal) return refusal;
        var page = await contents.ListUsersAsync(after, limit, http.RequestAborted);
        return TypedResults.Ok(
            new UserPage([.. page.Select(stored => UserBody.Of(stored.User))],
            Paging.Cursor(page.Count, limit, page.Count == 0 ? 0 : page[^1].Number)));
    }

    private static async Task<IResult> ExportAsync(HttpContext http, string id, IUserArchive archive, LiveState state, ExportTurns turns)
    {
        if (Identifiers.Fault(id) is { } fault) return Requests.BadId(fault);
        if (!http.User.MayActFor(id)) return Problems.Of(StatusCodes.Status403Forbidden);
        if (!turns.TryTake())
            return new RetryLater(TimeSpan.FromSeconds(5), "Other users are being exported, as many as may be at a time. Try again.");
        try
        {
            var found = await archive.ReadAsync(id, http.RequestAborted);
            http.Response.ContentType = UserExport.ContentType;
            await UserExport.WriteAsync(http.Response.Body, found, item => item < state.Catalog.Count
                ? state.Catalog.IdOf(item) : null, http.RequestAborted);
            return TypedResults.Empty;
        }
        finally
        {
            turns.GiveBack();
        }
    }

    private static async Task<IResult> MergeAsync(HttpContext http, Posting posting)
    {
        if (Requests.Flag(http, out var validateOnly) is { } refusal) return refusal;
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            var reader = new JsonObjectReader(body.RootElement, "");
            var from = reader.Id("from", required: true);
            var into = reader.Id("into", required: true);
            if (from is not null && from == into) reader.Add("invalid", "from", "must not be the same user as into");
            reader.Finish();
            if (reader.Faults.Count > 0) return Faults.ToProblem(reader.Faults);
            if (validateOnly) return TypedResults.Ok(new WriteResponse(into!, "valid", 0, false));
            var (outcome, position, folded) = await posting.PostAsync(new UserMerge(from!, into!), http.RequestAborted);
            return outcome switch
            {
                AppendOutcome.Accepted => TypedResults.Ok(new WriteResponse(into!, "merged", position, folded)),
                AppendOutcome.Duplicate => TypedResults.Ok(new WriteResponse(into!, "unchanged", position, folded)),
                AppendOutcome.Erased => Problems.Of(StatusCodes.Status409Conflict, "One of the two was erased, and its id stays closed."),
                AppendOutcome.Unknown =>
                    Problems.Of(StatusCodes.Status404NotFound, "Nothing is known of the user named by from; there is nothing to merge."),
                _ => Problems.Of(StatusCodes.Status422UnprocessableEntity, "The change was not taken."),
            };
        }
    }
}
