using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Lists for a user, by the stages that every list goes through. On request they are written back as feedback.</summary>
internal static class GorseRecommendEndpoints
{
    private const string WriteBackType = "write-back-type", WriteBackDelay = "write-back-delay";

    public static void MapGorseRecommendations(this IEndpointRouteBuilder group)
    {
        foreach (var pattern in (string[])["/recommend/{user_id}", "/recommend/{user_id}/{category}"])
        {
            group.MapGet(pattern, GetAsync).RequireAuthorization(Scopes.RecommendRead).CountsAs(OperationClass.Recommend)
                .AcceptsQuery("n", "offset", "category", WriteBackType, WriteBackDelay);
        }
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, [FromRoute(Name = "user_id")] string userId, string? category, Recommender recommender,
        ExpressionCache expressions, GorsePosting posting)
    {
        var query = http.Query();
        if (Identifiers.Fault(userId) is { } fault) query.Fail("user_id", fault);
        var (n, offset) = GorsePage.Offsets(query, NumItems.Max);
        var (type, delay) = WriteBack(query, posting);
        var filter = Filter(query, category ?? query.Text("category"), expressions);
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        if (type is not null && !http.User.MayWrite()) return Problems.Of(StatusCodes.Status403Forbidden,
            $"{WriteBackType} needs a token with the scope {Scopes.EventsWrite}, too.");

        var wishes = filter is null ? null : new RequestWishes { Filter = filter };
        var context = await recommender.RecommendAsync(new RecommendationRequest(userId, n + offset, Wishes: wishes), http.RequestAborted);
        recommender.CompleteAfter(http.Response, context);
        var items = new string[Math.Max(0, context.Candidates.Count - offset)];
        for (var i = 0; i < items.Length; i++) items[i] = context.Catalog.IdOf(context.Candidates.Items[offset + i].Item);
        if (type is { } written)
        {
            var (time, request) = (context.Time + delay, context.RequestId);
            var faults = await posting.StoreAsync(
                [.. items.Select((item, at) => posting.Judged(new Event
                {
                    // One list is written back once, however often the post is tried.
                    Id = $"gorse-{request}-{offset + at}", UserId = userId, ItemId = item, Type = written.Type, Meaning = written.Meaning,
                    Time = time, RequestId = request, Position = offset + at,
                }))],
                http.RequestAborted);
            if (faults.Count > 0) return GorseBody.Refusal(faults);
        }
        return GorseResults.Of(items, GorseJson.Default.StringArray);
    }

    private static bool MayWrite(this System.Security.Claims.ClaimsPrincipal user) =>
        user.HasScope(Scopes.EventsWrite) || user.HasScope(Scopes.Admin);

    private static (MappedType? Type, TimeSpan Delay) WriteBack(QueryParameters query, GorsePosting posting)
    {
        var delay = TimeSpan.Zero;
        if (query.Text(WriteBackDelay) is { Length: > 0 } text
            && (!GorseDuration.TryParse(text, out delay) || delay > Contracts.Reading.EventReading.Ahead))
        {
            query.Fail(WriteBackDelay, "must be a duration such as 0h5m0s, of 10 minutes at most: no event is taken that is further ahead");
        }
        if (query.Text(WriteBackType) is not { Length: > 0 } word) return (null, delay);
        try
        {
            return (posting.Type(word), delay);
        }
        catch (RowException fault)
        {
            query.Fail(WriteBackType, fault.Message);
            return (null, delay);
        }
    }

    private static Expression<ItemFilter>? Filter(QueryParameters query, string? category, ExpressionCache expressions)
    {
        if (string.IsNullOrEmpty(category)) return null;
        var text = $"\"{category.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        var filter = expressions.Filter($"category = {text} or tags has {text}", out var fault);
        if (filter is null) query.Fail("category", $"cannot be asked for: {fault}");
        return filter;
    }
}
