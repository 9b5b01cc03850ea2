using Microsoft.AspNetCore.Mvc;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Feedback: what users did, and what of it a user did lately.</summary>
internal static class GorseFeedbackEndpoints
{
    // The latest of one user; gorse gives all.
    private const int MostEvents = 1000;

    public static void MapGorseFeedback(this IEndpointRouteBuilder group)
    {
        Write(group.MapPost("/feedback", (HttpContext http, GorsePosting posting) => PostAsync(http, posting, overwrites: false)));
        Write(group.MapPut("/feedback", (HttpContext http, GorsePosting posting) => PostAsync(http, posting, overwrites: true)));
        foreach (var pattern in (string[])["/user/{user_id}/feedback", "/user/{user_id}/feedback/{type}"])
            group.MapGet(pattern, OfUserAsync).CountsAs(OperationClass.Catalogue);

        static void Write(RouteHandlerBuilder route) => route.RequireAuthorization(Scopes.EventsWrite).CountsAs(OperationClass.Events)
            .AcceptsJson(maxBytes: GorseBody.MaxBytes);
    }

    private static async Task<IResult> PostAsync(HttpContext http, GorsePosting posting, bool overwrites)
    {
        var (events, refusal) = await GorseBody.ReadManyAsync(http, row => posting.Read(row, overwrites));
        if (refusal is not null) return refusal;
        var faults = await posting.StoreAsync(events, http.RequestAborted);
        return faults.Count > 0 ? GorseBody.Refusal(faults) : GorseResults.Count(events.Count);
    }

    private static async Task<IResult> OfUserAsync(
        HttpContext http, [FromRoute(Name = "user_id")] string userId, string? type, IUserArchive archive, GorseTypes types)
    {
        if (Identifiers.Fault(userId) is { } fault) return Requests.BadId(fault);
        var wanted = type is null ? null : types.Find(type);
        if (type is not null && wanted is null)
            return Problems.BadRequest(new Dictionary<string, string[]> { ["type"] = ["is no feedback type that is known here"] });
        var entries = await archive.ReadLatestEventsAsync(userId, MostEvents, http.RequestAborted);
        return GorseResults.Of(
            [.. entries.Select(entry => ((EventChange)entry.Change).Event).Where(e => Fits(e, wanted)).Select(e => new GorseFeedback(
                type ?? e.Type.ToName(), userId, e.ItemId, e.Time, ""))],
            GorseJson.Default.GorseFeedbackArray);
    }

    private static bool Fits(Event e, Core.Import.Meaning.MappedType? wanted) => wanted is { } type
        ? e.Type == type.Type && (type.Meaning is null ? e.Meaning != EventMeaning.Undo : e.Meaning == type.Meaning)
        : e.Meaning != EventMeaning.Undo;
}
