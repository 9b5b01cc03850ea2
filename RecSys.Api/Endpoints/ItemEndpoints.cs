using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Api.Endpoints;

/// <summary>Lists that do not depend on a user: <c>GET /items/{id}/similar</c> and <c>GET /popular</c>.</summary>
internal static class ItemEndpoints
{
    public static void MapItems(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("").RequireAuthorization(Scopes.RecommendRead)
            .CountsAs(OperationClass.Recommend)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapGet("/items/{id}/similar", SimilarAsync).AcceptsQuery(NumItems.Name, FoldWait.Name)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .Produces<ItemListResponse>().ProducesProblem(StatusCodes.Status404NotFound).WithName("SimilarItems")
                .WithSummary("Items nearest to an item");
        group.MapGet("/popular", Popular).AcceptsQuery(NumItems.Name).Produces<ItemListResponse>().WithName("PopularItems")
            .WithSummary("Items with the most positive events");
    }

#pragma warning disable IDE0060 // num_items is read from the request, strictly; it is declared for the OpenAPI document.
    private static async Task<IResult> SimilarAsync(
        HttpContext http,
        WorldSource worlds,
        FoldWait folds,
        string id,
        [FromQuery(Name = "num_items"), Description("Items wanted, 1 to 100; 20 when left out.")] string? numItems,
        [FromQuery(Name = FoldWait.Name), Description(FoldWait.Description)] string? minPosition)
    {
        var query = http.Query();
        var count = NumItems.Read(query);
        var position = FoldWait.Read(query);
        if (Identifiers.Fault(id) is { } fault) query.Fail("id", fault);
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        if (await folds.WaitAsync(http, position) is { } refusal) return refusal;
        // After the wait, so that it has what was waited for.
        var world = worlds.Take();
        if (SimilarItems.Find(world, id, count) is not { } found)
            return Problems.Of(StatusCodes.Status404NotFound, "There is no such item.");
        return TypedResults.Ok(
            new ItemListResponse(
            [.. found.Items.Select((entry, at) => Listed(world.Catalog, entry.Item, Math.Round(entry.Similarity, 6), at))],
            found.ModelVersion));
    }

    private static IResult Popular(
        HttpContext http,
        PopularItems popular,
        WorldSource worlds,
        [FromQuery(Name = "num_items"), Description("Items wanted, 1 to 100; 20 when left out.")] string? numItems)
#pragma warning restore IDE0060
    {
        var query = http.Query();
        var count = NumItems.Read(query);
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        var ranked = popular.Current(out var positives);
        var (catalog, items) = (worlds.Take().Catalog, new List<ListedItem>(count));
        // The ranking is up to a minute old; what may be shown is asked of the catalogue as it is now.
        for (var i = 0; i < ranked.Length && items.Count < count; i++)
        {
            if (catalog.IsServable(ranked[i])) items.Add(Listed(catalog, ranked[i], positives[i], items.Count));
        }
        return TypedResults.Ok(new ItemListResponse(items, ModelVersion: null));
    }

    private static ListedItem Listed(ItemCatalog catalog, int item, double score, int at) =>
        new(catalog.IdOf(item), catalog.TitleOf(item), score, at + 1, catalog.ThumbnailOf(item));
}
