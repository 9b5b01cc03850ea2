using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>
/// Lists with scores: what is popular, what is new, what is near an item or a sitting. All of one category, where it is named.
/// </summary>
internal static class GorseListEndpoints
{
    private const string User = "user-id";

    // Items and offset together; rankings hold 2,000.
    private const int Most = 1000;

    // As many neighbours of one item as a list of similar items may have.
    private const int MostNear = 100;

    public static void MapGorseLists(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").RequireAuthorization(Scopes.RecommendRead).CountsAs(OperationClass.Recommend);
        Map("/popular", Popular, User);
        Map("/latest", Latest, User);
        Map("/item/{item_id}/neighbors", Neighbours);
        foreach (var pattern in (string[])["/session/recommend", "/session/recommend/{category}"])
            group.MapPost(pattern, OfSessionAsync).AcceptsJson(maxBytes: GorseBody.MaxBytes).AcceptsQuery("n", "offset");

        void Map(string pattern, Delegate handler, params string[] more)
        {
            group.MapGet(pattern, handler).AcceptsQuery(["n", "offset", .. more]);
            group.MapGet(pattern + "/{category}", handler).AcceptsQuery(["n", "offset", .. more]);
        }
    }

    private static IResult Popular(HttpContext http, string? category, PopularItems popular, WorldSource worlds)
    {
        var items = popular.Current(out var positives);
        return Ranked(http, category, worlds.Take(), items, positives, 1);
    }

    private static IResult Latest(HttpContext http, string? category, LatestItems latest, WorldSource worlds)
    {
        var items = latest.Current(out var created);
        // gorse gives seconds since 1970.
        return Ranked(http, category, worlds.Take(), items, created, 1000);
    }

    private static IResult Neighbours(
        HttpContext http, [FromRoute(Name = "item_id")] string id, string? category, WorldSource worlds)
    {
        var query = http.Query();
        var (n, offset) = GorsePage.Offsets(query, MostNear);
        if (Identifiers.Fault(id) is { } fault) query.Fail("item_id", fault);
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        var world = worlds.Take();
        var found = SimilarItems.Find(world, id, n + offset, Only(world.Catalog, category))?.Items ?? [];
        return Scores(found.Skip(offset).Select(near => (near.Item, (double)near.Similarity)), world.Catalog);
    }

    // The neighbours of what the sitting has wanted so far, each with the sum of its similarities.
    private static async Task<IResult> OfSessionAsync(HttpContext http, string? category, GorsePosting posting, WorldSource worlds)
    {
        var query = http.Query();
        var (n, offset) = GorsePage.Offsets(query, MostNear);
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        var (events, refusal) = await GorseBody.ReadManyAsync(http, row => posting.ReadOfSession(row));
        if (refusal is not null) return refusal;
        var world = worlds.Take();
        var (met, wanted) = (events.Select(e => e.ItemId).ToHashSet(StringComparer.Ordinal), Only(world.Catalog, category));
        var sums = new Dictionary<int, double>();
        foreach (var id in GorseSession.Wanted(events))
        {
            foreach (var (item, similarity) in SimilarItems.Find(world, id, MostNear, wanted)?.Items ?? [])
                sums[item] = sums.GetValueOrDefault(item) + similarity;
        }
        return Scores(
            sums.Where(pair => !met.Contains(world.Catalog.IdOf(pair.Key))).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
                .Skip(offset).Take(n).Select(pair => (pair.Key, pair.Value)),
            world.Catalog);
    }

    private static IResult Ranked(
        HttpContext http, string? category, ServingWorld world, ReadOnlySpan<int> items, ReadOnlySpan<double> scores, double unit)
    {
        var query = http.Query();
        var (n, offset) = GorsePage.Offsets(query, Most);
        var user = query.Text(User) is { Length: > 0 } ? query.Id(User) : null;
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        var (copy, only, left) = (new UserCopy(), Only(world.Catalog, category), offset);
        if (user is not null) world.TryCopy(user, copy);
        var list = new List<(int, double)>(n);
        for (var i = 0; i < items.Length && list.Count < n; i++)
        {
            // The ranking is up to a minute old; what may be shown is asked of the catalogue as it is now.
            if (!world.Catalog.IsServable(items[i]) || only?.Invoke(items[i]) == false || copy.Seen.Find(items[i]).IsKnown) continue;
            if (left-- <= 0) list.Add((items[i], scores[i] / unit));
        }
        return Scores(list, world.Catalog);
    }

    private static Func<int, bool>? Only(ItemCatalog catalog, string? category) => string.IsNullOrEmpty(category) ? null
        : item => catalog.CategoryNameOf(item) == category || catalog[item].Tags.Contains(category, StringComparer.Ordinal);

    private static IResult Scores(IEnumerable<(int Item, double Score)> list, ItemCatalog catalog) => GorseResults.Of(
        [.. list.Select(entry => new GorseScore(catalog.IdOf(entry.Item), Math.Round(entry.Score, 6)))],
        GorseJson.Default.GorseScoreArray);
}
