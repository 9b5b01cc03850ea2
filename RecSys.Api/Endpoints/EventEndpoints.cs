using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using RecSys.Api.Browsers;
using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary><c>POST /events</c> and what an administrator may see of it.</summary>
internal static class EventEndpoints
{
    private const int MaxEvents = 1000;
    private const long MaxBytes = 1 << 20;
    private const string AcceptedStatus = "accepted";
    private const string DuplicateStatus = "duplicate";
    private const string RejectedStatus = "rejected";

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        app.MapPost("/events", PostAsync)
            .WithName("PostEvents")
            .WithSummary("Report what users did: up to 1,000 events, stored when the reply comes")
            .RequireAuthorization(Scopes.EventsWrite)
            .CountsAs(OperationClass.Events)
            .WithMetadata(new TakesPublicKey())
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

    private static async Task<IResult> PostAsync(
        HttpContext http, Posting posting, RecentEvents recent, FolderMeaning meaning, DriftFigures figures,
        [FromKeyedServices(ServedTime.Key)] TimeProvider time)
    {
        var query = http.Query();
        var validateOnly = query.Flag("validate_only");
        if (!query.AreValid) return Problems.BadRequest(query.Errors);
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        EventReading[] readings;
        var now = time.GetUtcNow();
        using (body)
        {
            if (Batch(body.RootElement, out var fault) is not { } batch) return fault;
            if (PublicEvents.Refusal(http, batch) is { } refusal) return refusal;
            readings = new EventReading[batch.GetArrayLength()];
            var at = 0;
            foreach (var json in batch.EnumerateArray()) readings[at] = EventReading.Of(json, $"/events/{at++}", now, meaning);
        }
        var sound = new List<LogChange>(readings.Length);
        foreach (var reading in readings)
        {
            if (reading.Event is not { } e) continue;
            if (!http.User.MayActFor(e.UserId) && !PublicKey.IsHeldBy(http.User)) return Problems.Of(StatusCodes.Status403Forbidden);
            sound.Add(new EventChange(e));
        }
        var posted = validateOnly || sound.Count == 0
            ? new Posted([.. sound.Select(_ => new AppendResult(AppendOutcome.Accepted, 0))], 0, false)
            : await posting.PostAsync(sound, http.RequestAborted);
        var reply = ReplyOf(readings, posted);
        if (!validateOnly)
        {
            Remember(recent, now, readings, reply);
            figures.Count(QualityOf(reply));
        }
        return new JsonReply<PostEventsResponse>(reply, ApiJson.Default.PostEventsResponse,
            reply.Rejected > 0 ? StatusCodes.Status207MultiStatus : StatusCodes.Status202Accepted);
    }

    private static EventQuality QualityOf(PostEventsResponse reply)
    {
        var parked = 0;
        foreach (var e in reply.Events) parked += e.Parked ? 1 : 0;
        return new EventQuality(reply.Accepted - parked, parked, reply.Duplicate, reply.Rejected);
    }

    private static void Remember(RecentEvents recent, DateTimeOffset now, EventReading[] readings, PostEventsResponse reply)
    {
        var events = new RecentEvent[readings.Length];
        for (var i = 0; i < events.Length; i++)
        {
            var told = reply.Events[i];
            events[i] = new RecentEvent(now, readings[i].Event, told.Status, told.Parked ? "parked" : told.Code);
        }
        recent.Add(events);
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

    private static PostEventsResponse ReplyOf(EventReading[] readings, Posted posted)
    {
        var events = new PostedEvent[readings.Length];
        var (next, duplicate, rejected) = (0, 0, 0);
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = readings[i].Event is null
                ? Rejected(readings[i].Id, readings[i].Faults[0]) : Taken(readings[i], posted.Results[next++].Outcome, i);
            if (events[i].Status == DuplicateStatus) duplicate++;
            else if (events[i].Status == RejectedStatus) rejected++;
        }
        return new PostEventsResponse(
            events.Length - duplicate - rejected, duplicate, rejected, posted.Position, posted.Folded, events);
    }

    private static PostedEvent Taken(EventReading reading, AppendOutcome outcome, int at) => outcome switch
    {
        AppendOutcome.Accepted or AppendOutcome.Parked => new PostedEvent(
            reading.Id, AcceptedStatus, Parked: outcome == AppendOutcome.Parked, Meaning: reading.Understood?.ToName(),
            Remark: reading.Remark),
        AppendOutcome.Duplicate => new PostedEvent(reading.Id, DuplicateStatus),
        _ => Rejected(reading.Id, AppendFaults.Of(outcome, $"/events/{at}", "user_id")),
    };

    private static PostedEvent Rejected(string? id, FieldFault fault) =>
        new(id, RejectedStatus, Code: fault.Code, Pointer: fault.Pointer, Detail: fault.Detail);

    private static Ok<RecentEventsResponse> Recent(RecentEvents recent) => TypedResults.Ok(RecentEventsResponse.Of(recent.Latest()));
}
