using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Users: stored one by one or many together, changed, read and erased.</summary>
internal static class GorseUserEndpoints
{
    public static void MapGorseUsers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").CountsAs(OperationClass.Catalogue);
        group.MapPost("/user", (HttpContext http, Posting posting) => PutAsync(http, posting, many: false))
            .AcceptsJson(maxBytes: GorseBody.MaxBytes);
        group.MapPost("/users", (HttpContext http, Posting posting) => PutAsync(http, posting, many: true))
            .AcceptsJson(maxBytes: GorseBody.MaxBytes);
        group.MapPatch("/user/{user_id}", PatchAsync).AcceptsJson(maxBytes: GorseBody.MaxBytes);
        group.MapGet("/user/{user_id}", GetAsync);
        group.MapGet("/users", ListAsync).AcceptsQuery(GorsePage.Cursors);
        group.MapDelete("/user/{user_id}", DeleteAsync);
    }

    private static async Task<IResult> PutAsync(HttpContext http, Posting posting, bool many)
    {
        var (users, refusal) = many
            ? await GorseBody.ReadManyAsync(http, row => GorseRecords.User(row))
            : await GorseBody.ReadOneAsync(http, row => GorseRecords.User(row));
        if (refusal is not null) return refusal;
        return users.Count == 0 ? GorseResults.Count(0) : Written(
            await posting.PostAsync([.. users.Select(user => new UserPut(user))], http.RequestAborted));
    }

    private static async Task<IResult> PatchAsync(
        HttpContext http, [FromRoute(Name = "user_id")] string id, ILogContents contents, Posting posting)
    {
        using var turn = await posting.EnterAsync(id, http.RequestAborted);
        if (await FindAsync(contents, id, http.RequestAborted) is not { } old) return Problems.Of(StatusCodes.Status404NotFound);
        var (changed, refusal) = await GorseBody.ReadOneAsync(http, row => GorseRecords.User(row, old));
        return refusal ?? Written(await posting.PostAsync([new UserPut(changed[0])], http.RequestAborted));
    }

    private static async Task<IResult> GetAsync(HttpContext http, [FromRoute(Name = "user_id")] string id, ILogContents contents) =>
        await FindAsync(contents, id, http.RequestAborted) is { } user
            ? GorseResults.Of(GorseShapes.Of(user), GorseJson.Default.GorseUser) : Problems.Of(StatusCodes.Status404NotFound);

    private static async Task<IResult> ListAsync(HttpContext http, ILogContents contents)
    {
        if (GorsePage.Read(http, first: 0, out var after, out var n) is { } refusal) return refusal;
        var page = await contents.ListUsersAsync(after, n, http.RequestAborted);
        return GorseResults.Of(
            new GorseUsers(GorsePage.Next(page.Count, n, page.Count == 0 ? 0 : page[^1].Number),
                [.. page.Select(stored => GorseShapes.Of(stored.User))]),
            GorseJson.Default.GorseUsers);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, [FromRoute(Name = "user_id")] string id, UserErasing erasing)
    {
        if (Identifiers.Fault(id) is { } fault) return Requests.BadId(fault);
        await erasing.EraseAsync(http, id);
        return GorseResults.Count(1);
    }

    private static IResult Written(Posted posted)
    {
        var closed = posted.Results.Index().Where(result => result.Item.Outcome == AppendOutcome.Erased).Select(result => result.Index)
            .ToList();
        if (closed.Count == 0) return GorseResults.Count(posted.Results.Count);
        return Problems.Of(StatusCodes.Status409Conflict, posted.Results.Count == 1 ? Requests.Erased
            : $"{Requests.Erased} Rows: {string.Join(", ", closed.Take(20))}; all others were stored.");
    }

    private static async Task<User?> FindAsync(ILogContents contents, string id, CancellationToken ct) =>
        Identifiers.Fault(id) is null ? await contents.FindUserAsync(id, ct) : null;
}
