using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>
/// Items one by one: <c>PUT</c>, <c>PATCH</c>, <c>GET</c>, <c>DELETE /items/{id}</c>, and <c>GET /items</c> page by page.
/// </summary>
internal static class CatalogueEndpoints
{
    public static void MapCatalogue(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/items").RequireAuthorization(Scopes.CatalogWrite).CountsAs(OperationClass.Catalogue)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapPut("/{id}", PutAsync).WithName("PutItem")
            .WithSummary("Add an item, or replace it as a whole; recommendable within a second")
            .AcceptsJson(typeof(ItemRequest)).AcceptsQuery("validate_only").Produces<WriteResponse>()
                .Produces<WriteResponse>(StatusCodes.Status201Created);
        group.MapPatch("/{id}", PatchAsync).WithName("PatchItem").WithSummary("Change some fields of an item (merge patch)")
            .AcceptsJson(typeof(ItemRequest), isPatch: true).AcceptsQuery("validate_only").Produces<WriteResponse>()
                .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id}", GetAsync).WithName("GetItem").WithSummary("An item as it is stored").Produces<ItemBody>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{id}", DeleteAsync).WithName("DeleteItem").WithSummary("Remove an item: it is in no reply from then on")
            .AcceptsQuery("validate_only").Produces<WriteResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("", ListAsync).WithName("ListItems").WithSummary("All items, page by page")
            .AcceptsQuery(Paging.Parameters).Produces<ItemPage>();
    }

    private static Task<IResult> PutAsync(HttpContext http, string id, ILogContents contents, Posting posting) =>
        WriteAsync(http, id, contents, posting, patch: false);

    private static Task<IResult> PatchAsync(HttpContext http, string id, ILogContents contents, Posting posting) =>
        WriteAsync(http, id, contents, posting, patch: true);

    private static Task<IResult> WriteAsync(HttpContext http, string id, ILogContents contents, Posting posting, bool patch) =>
        Requests.WriteAsync(
            http, id, posting, patch, () => FindAsync(contents, id, http.RequestAborted), ItemReading.Read, item => new ItemPut(item));

    private static async Task<IResult> GetAsync(HttpContext http, string id, ILogContents contents, WorldSource worlds)
    {
        if (Identifiers.Fault(id) is { } fault) return Requests.BadId(fault);
        if (await FindAsync(contents, id, http.RequestAborted) is not { } item) return Problems.Of(StatusCodes.Status404NotFound);
        return TypedResults.Ok(ItemBody.Of(item) with { AwaitingText = AwaitsText(worlds.Take(), id) });
    }

    // What is stored can be read without a model.
    private static bool AwaitsText(ServingWorld world, string id)
    {
        if (world.Models.Champion is not { } champion || !world.Models.TryAcquire(champion, out var lease)) return false;
        using (lease) return world.Catalog.TryGetNumber(id, out var number) && lease.Model.AwaitsText(number);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string id, ILogContents contents, Posting posting)
    {
        if (Requests.IdAndFlag(http, id, out var validateOnly) is { } refusal) return refusal;
        if (await FindAsync(contents, id, http.RequestAborted) is null) return Problems.Of(StatusCodes.Status404NotFound);
        if (validateOnly) return TypedResults.Ok(new WriteResponse(id, "valid", 0, false));
        var (outcome, position, folded) = await posting.PostAsync(new ItemRemoval(id), http.RequestAborted);
        return outcome == AppendOutcome.Unknown
            ? Problems.Of(StatusCodes.Status404NotFound) : TypedResults.Ok(new WriteResponse(id, "removed", position, folded));
    }

    private static async Task<IResult> ListAsync(HttpContext http, ILogContents contents)
    {
        if (Paging.Read(http, first: -1, out var after, out var limit) is { } refusal) return refusal;
        var page = await contents.ListItemsAsync((int)Math.Min(after, int.MaxValue), limit, http.RequestAborted);
        return TypedResults.Ok(
            new ItemPage([.. page.Select(stored => ItemBody.Of(stored.Item))],
            Paging.Cursor(page.Count, limit, page.Count == 0 ? 0 : page[^1].Number)));
    }

    private static async Task<Item?> FindAsync(ILogContents contents, string id, CancellationToken cancellationToken) =>
        await contents.FindItemAsync(id, cancellationToken) is { Removed: false } stored ? stored.Item : null;
}
