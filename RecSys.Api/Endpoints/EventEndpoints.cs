using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary><c>POST /events</c> and what an administrator may see of it.</summary>
internal static class EventEndpoints
{
    private const int MaxEvents = 1000;
    private const long MaxBytes = 1 << 20;

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        app.MapPost("/events", PostAsync)
            .WithName("PostEvents")
            .WithSummary("Report what users did: up to 1,000 events, stored when the reply comes")
            .RequireAuthorization(Scopes.EventsWrite)
            .CountsAs(OperationClass.Events)
            .AcceptsJson(typeof(PostEventsRequest), MaxBytes)
            .AcceptsQuery("validate_only")
            .Produces<PostEventsResponse>(StatusCodes.Status202Accepted)
            .Produces<PostEventsResponse>(StatusCodes.Status207MultiStatus)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        app.MapGet("/events/recent", Recent)
            .WithName("RecentEvents")
            .WithSummary("The last 1,000 events and what became of each")
            .RequireAuthorization(Scopes.Admin)
            .CountsAs(OperationClass.Admin)
            .Produces<RecentEventsResponse>();
    }

    private static async Task<IResult> PostAsync(HttpContext http, Posting posting, RecentEvents recent, TimeProvider time)
    {
        var query = http.Query();
        var validateOnly = query.Flag("validate_only");
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        if (!(await JsonBody.ReadAsync(http, ApiJson.Default.JsonDocument)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            if (Batch(body.RootElement, out var fault) is not { } batch) return fault;
            var now = time.GetUtcNow();
            var readings = batch.EnumerateArray().Select((json, at) => EventReading.Of(json, $"/events/{at}", now)).ToList();
            if (readings.Any(reading => reading.Event is { } e && !http.User.MayActFor(e.UserId)))
                return Problems.Of(StatusCodes.Status403Forbidden);
            var sound = readings.Where(reading => reading.Event is not null).Select(reading => reading.Event!).ToList();
            var posted = validateOnly || sound.Count == 0
                ? new Posted([.. sound.Select(_ => new AppendResult(AppendOutcome.Accepted, 0))], 0, false)
                : await posting.PostAsync([.. sound.Select(e => new EventChange(e))], http.RequestAborted);
            var reply = ReplyOf(readings, posted);
            if (!validateOnly)
                recent.Add(readings.Select((reading, at) =>
                    new RecentEvent(now, reading.Event, reply.Events[at].Status, reply.Events[at].Parked
                    ? "parked" : reply.Events[at].Code)));
            return TypedResults.Json(reply, ApiJson.Default.PostEventsResponse,
                statusCode: reply.Rejected > 0 ? StatusCodes.Status207MultiStatus : StatusCodes.Status202Accepted);
        }
    }

    private static JsonElement? Batch(JsonElement body, out IResult fault)
    {
        var reader = new JsonObjectReader(body, "");
        var events = reader.Raw("events", required: true);
        if (reader.IsObject && events.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined))
            reader.Add("wrong_type", "events", "must be an array");
        if (events.ValueKind == JsonValueKind.Array && events.GetArrayLength() is 0 or > MaxEvents)
            reader.Add("invalid", "events", $"must have 1 to {MaxEvents} events");
        reader.Finish();
        fault = Faults.ToProblem(reader.Faults);
        return reader.Faults.Count == 0 ? events : null;
    }

    private static PostEventsResponse ReplyOf(List<EventReading> readings, Posted posted)
    {
        var next = 0;
        var events = readings.Select((reading, at) => reading.Event is null
            ? Rejected(reading.Id, reading.Faults[0]) : Taken(reading.Id!, posted.Results[next++].Outcome, at)).ToList();
        return new PostEventsResponse(
            events.Count(e => e.Status == "accepted"), events.Count(e => e.Status == "duplicate"),
            events.Count(e => e.Status == "rejected"),
            posted.Position, posted.Folded, events);
    }

    private static PostedEvent Taken(string id, AppendOutcome outcome, int at) => outcome switch
    {
        AppendOutcome.Accepted => new PostedEvent(id, "accepted"),
        AppendOutcome.Parked => new PostedEvent(id, "accepted", Parked: true),
        AppendOutcome.Duplicate => new PostedEvent(id, "duplicate"),
        _ => Rejected(id, AppendFaults.Of(outcome, $"/events/{at}", "user_id")),
    };

    private static PostedEvent Rejected(string? id, FieldFault fault) =>
        new(id, "rejected", Code: fault.Code, Pointer: fault.Pointer, Detail: fault.Detail);

    private static Ok<RecentEventsResponse> Recent(RecentEvents recent) => TypedResults.Ok(RecentEventsResponse.Of(recent.Latest()));
}
