using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Items: stored one by one or many together, changed, read and removed.</summary>
internal static class GorseItemEndpoints
{
    private const string Category = "/item/{item_id}/category/{category}";

    private static readonly TimeReading Times = new(TimeUnit.Auto, TimeZoneInfo.Utc);

    public static void MapGorseItems(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").RequireAuthorization(Scopes.CatalogWrite).CountsAs(OperationClass.Catalogue);
        group.MapPost("/item", (HttpContext http, Posting posting) => PutAsync(http, posting, many: false))
            .AcceptsJson(maxBytes: GorseBody.MaxBytes);
        group.MapPost("/items", (HttpContext http, Posting posting) => PutAsync(http, posting, many: true))
            .AcceptsJson(maxBytes: GorseBody.MaxBytes);
        group.MapPatch("/item/{item_id}", PatchAsync).AcceptsJson(maxBytes: GorseBody.MaxBytes);
        group.MapGet("/item/{item_id}", GetAsync);
        group.MapGet("/items", ListAsync).AcceptsQuery(GorsePage.Cursors);
        group.MapDelete("/item/{item_id}", DeleteAsync);
        group.MapPut(Category, ([FromRoute(Name = "item_id")] string id, string category, HttpContext http, ILogContents contents,
            Posting posting) => CategoriseAsync(http, id, contents, posting, all => [.. all.Except([category]), category]));
        group.MapDelete(Category, ([FromRoute(Name = "item_id")] string id, string category, HttpContext http, ILogContents contents,
            Posting posting) => CategoriseAsync(http, id, contents, posting, all => [.. all.Except([category])]));
    }

    private static async Task<IResult> PutAsync(HttpContext http, Posting posting, bool many)
    {
        var (items, refusal) = many
            ? await GorseBody.ReadManyAsync(http, row => GorseRecords.Item(row, Times))
            : await GorseBody.ReadOneAsync(http, row => GorseRecords.Item(row, Times));
        if (refusal is not null) return refusal;
        if (items.Count == 0) return GorseResults.Count(0);
        var posted = await posting.PostAsync([.. items.Select(item => new ItemPut(item))], http.RequestAborted);
        return GorseResults.Count(posted.Results.Count(result => result.Outcome is AppendOutcome.Accepted or AppendOutcome.Duplicate));
    }

    private static async Task<IResult> PatchAsync(
        HttpContext http, [FromRoute(Name = "item_id")] string id, ILogContents contents, Posting posting)
    {
        using var turn = await posting.EnterAsync(id, http.RequestAborted);
        if (await FindAsync(contents, id, http.RequestAborted) is not { } old) return Problems.Of(StatusCodes.Status404NotFound);
        var (changed, refusal) = await GorseBody.ReadOneAsync(http, row => GorseRecords.Item(row, Times, old));
        if (refusal is not null) return refusal;
        await posting.PostAsync(new ItemPut(changed[0]), http.RequestAborted);
        return GorseResults.Count(1);
    }

    private static async Task<IResult> CategoriseAsync(
        HttpContext http, string id, ILogContents contents, Posting posting, Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        using var turn = await posting.EnterAsync(id, http.RequestAborted);
        if (await FindAsync(contents, id, http.RequestAborted) is not { } old) return Problems.Of(StatusCodes.Status404NotFound);
        try
        {
            await posting.PostAsync(
                new ItemPut(GorseRecords.WithCategories(old, change(GorseRecords.CategoriesOf(old)))), http.RequestAborted);
            return GorseResults.Count(1);
        }
        catch (RowException fault)
        {
            return Problems.BadRequest(new Dictionary<string, string[]> { ["category"] = [fault.Message] });
        }
    }

    private static async Task<IResult> GetAsync(HttpContext http, [FromRoute(Name = "item_id")] string id, ILogContents contents) =>
        await FindAsync(contents, id, http.RequestAborted) is { } item
            ? GorseResults.Of(GorseShapes.Of(item), GorseJson.Default.GorseItem) : Problems.Of(StatusCodes.Status404NotFound);

    private static async Task<IResult> ListAsync(HttpContext http, ILogContents contents)
    {
        if (GorsePage.Read(http, first: -1, out var after, out var n) is { } refusal) return refusal;
        var page = await contents.ListItemsAsync((int)Math.Min(after, int.MaxValue), n, http.RequestAborted);
        return GorseResults.Of(
            new GorseItems(GorsePage.Next(page.Count, n, page.Count == 0 ? 0 : page[^1].Number),
                [.. page.Select(stored => GorseShapes.Of(stored.Item))]),
            GorseJson.Default.GorseItems);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, [FromRoute(Name = "item_id")] string id, ILogContents contents, Posting posting)
    {
        if (await FindAsync(contents, id, http.RequestAborted) is null) return GorseResults.Count(0);
        var (outcome, _, _) = await posting.PostAsync(new ItemRemoval(id), http.RequestAborted);
        return GorseResults.Count(outcome == AppendOutcome.Unknown ? 0 : 1);
    }

    private static async Task<Item?> FindAsync(ILogContents contents, string id, CancellationToken ct) =>
        Identifiers.Fault(id) is null && await contents.FindItemAsync(id, ct) is { Removed: false } stored ? stored.Item : null;
}
