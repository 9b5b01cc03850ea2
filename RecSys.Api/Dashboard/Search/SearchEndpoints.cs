using System.Globalization;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Dashboard.Search;

/// <summary>Looking for items and users, and at what one user did; every answer is bounded.</summary>
internal static class SearchEndpoints
{
    private const string Text = "q";
    private const int MostItems = 50;
    private const int MostUsers = 20;
    private const int MostEvents = 100;

    public static void MapSearch(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/dashboard").RequireAuthorization(Scopes.Admin).CountsAs(OperationClass.Admin)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/search/items", Items).WithName("SearchItems")
            .WithSummary("Items whose id begins with q, or whose title has words that begin with those of q")
            .AcceptsQuery(Text, "cursor").Produces<FoundItems>();
        group.MapGet("/search/users", UsersAsync).WithName("SearchUsers").WithSummary("The first 20 users whose ids begin with q")
            .AcceptsQuery(Text).Produces<FoundUsers>();
        group.MapGet("/users/{id}/history", HistoryAsync).WithName("UserHistory").WithSummary("The latest 100 events of a user")
            .Produces<UserHistory>();
    }

    private static IResult Items(HttpContext http, LiveState state)
    {
        var query = http.Query();
        var (text, from) = (query.Id(Text, required: true), 0);
        if (query.Text("cursor") is { } cursor
            && !(cursor.StartsWith('c') && int.TryParse(cursor.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out from)))
        {
            query.Fail("cursor", "must be the next_cursor of the reply before");
        }
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        var catalog = state.Catalog;
        var found = ItemSearch.Find(catalog, text!, from, MostItems, out var next);
        return TypedResults.Ok(new FoundItems(
            [.. found.Select(number => (Item: catalog[number], Number: number))
                .Select(entry => new FoundItem(entry.Item.Id, entry.Item.Title, entry.Item.Category, catalog.IsServable(entry.Number)))],
            next is { } at ? string.Create(CultureInfo.InvariantCulture, $"c{at}") : null));
    }

    private static async Task<IResult> UsersAsync(HttpContext http, IUserArchive archive)
    {
        var query = http.Query();
        var text = query.Id(Text, required: true);
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        return TypedResults.Ok(new FoundUsers(await archive.FindIdsAsync(text!, MostUsers, http.RequestAborted)));
    }

    private static async Task<IResult> HistoryAsync(HttpContext http, string id, IUserArchive archive, LiveState state)
    {
        if (Identifiers.Fault(id) is { } fault) return Requests.BadId(fault);
        var entries = await archive.ReadLatestEventsAsync(id, MostEvents, http.RequestAborted);
        return TypedResults.Ok(new UserHistory(id, [.. entries.Select(entry => Of(entry, state.Catalog))]));
    }

    private static UserHistoryEvent Of(LogEntry entry, ItemCatalog catalog)
    {
        var happened = ((EventChange)entry.Change).Event;
        return new UserHistoryEvent(entry.Position, happened.Time, happened.Type.ToName(), happened.ItemId,
            entry.Item >= 0 && entry.Item < catalog.Count ? catalog.TitleOf(entry.Item) : null, happened.RequestId);
    }
}
