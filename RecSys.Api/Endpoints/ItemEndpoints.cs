using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Api.Endpoints;

/// <summary>Lists that do not depend on a user: <c>GET /items/{id}/similar</c> and <c>GET /popular</c>.</summary>
internal static class ItemEndpoints
{
    public static void MapItems(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("").RequireAuthorization(Scopes.RecommendRead)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapGet("/items/{id}/similar", Similar).WithName("SimilarItems").WithSummary("Items nearest to an item");
        group.MapGet("/popular", Popular).WithName("PopularItems").WithSummary("Items with the most positive events");
    }

#pragma warning disable IDE0060 // num_items is read from the request, strictly; it is declared for the OpenAPI document.
    private static Results<Ok<ItemListResponse>, ValidationProblem, NotFound> Similar(
        HttpRequest request,
        SimilarItems similar,
        string id,
        [FromQuery(Name = "num_items"), Description("Items wanted, 1 to 100; 20 when left out.")] string? numItems)
    {
        if (NumItems.Parse(request.Query["num_items"], out var count) is { } fault) return Invalid("num_items", fault);
        if (Identifiers.Fault(id) is { } idFault) return Invalid("id", idFault);
        if (similar.Find(id, count) is not { } found) return TypedResults.NotFound();
        return TypedResults.Ok(new ItemListResponse([.. found.Items.Select((entry, at) => Listed(entry.Item, Math.Round(entry.Similarity, 6), at))], found.ModelVersion));
    }

    private static Results<Ok<ItemListResponse>, ValidationProblem> Popular(
        HttpRequest request,
        PopularItems popular,
        LiveState state,
        [FromQuery(Name = "num_items"), Description("Items wanted, 1 to 100; 20 when left out.")] string? numItems)
#pragma warning restore IDE0060
    {
        if (NumItems.Parse(request.Query["num_items"], out var count) is { } fault) return Invalid("num_items", fault);
        var ranked = popular.Current(out var positives);
        var items = new ListedItem[Math.Min(count, ranked.Length)];
        for (var i = 0; i < items.Length; i++) items[i] = Listed(state.Catalog[ranked[i]], positives[i], i);
        return TypedResults.Ok(new ItemListResponse(items, ModelVersion: null));
    }

    private static ListedItem Listed(Item item, double score, int at) => new(item.Id, item.Title, score, at + 1, item.ThumbnailUrl);

    private static ValidationProblem Invalid(string name, string fault) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [name] = [fault] });
}
