using System.Security.Claims;
using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Merchandising;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>Merchandising rules: which there are, who changed them, and what others would do.</summary>
internal static class RuleEndpoints
{
    public static void MapRules(this IEndpointRouteBuilder app)
    {
        var read = app.MapGroup("/rules").RequireAuthorization(Scopes.Service).CountsAs(OperationClass.Catalogue)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden);
        read.MapGet("", List).WithName("ListRules").WithSummary("All merchandising rules by id, page by page")
            .AcceptsQuery(Paging.Parameters).Produces<RulePage>();
        read.MapGet("/{id}", Get).WithName("GetRule").WithSummary("A rule as it is stored").Produces<RuleBody>()
            .ProducesProblem(StatusCodes.Status404NotFound);

        var change = app.MapGroup("").RequireAuthorization(Scopes.Admin).CountsAs(OperationClass.Admin)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden);
        change.MapPut("/rules/{id}", PutAsync).WithName("PutRule")
            .WithSummary("Add a rule, or replace it as a whole; lists follow at once")
            .AcceptsJson(typeof(RuleRequest)).AcceptsQuery("validate_only").Produces<WriteResponse>()
            .Produces<WriteResponse>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        change.MapDelete("/rules/{id}", DeleteAsync).WithName("DeleteRule").WithSummary("Remove a rule; its history stays")
            .AcceptsQuery("validate_only").Produces<WriteResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        change.MapGet("/rules/{id}/history", HistoryAsync).WithName("GetRuleHistory")
            .WithSummary("Who changed a rule when, and how, the latest change first")
            .AcceptsQuery(Paging.Parameters).Produces<RuleHistoryBody>().ProducesProblem(StatusCodes.Status404NotFound);
        change.MapRulePreview();
    }

    private static IResult List(HttpContext http, LiveState state)
    {
        if (Paging.Read(http, first: 0, out var after, out var limit) is { } refusal) return refusal;
        var book = state.Rules;
        RuleBody[] page = [.. book.ById.Skip((int)Math.Min(after, int.MaxValue)).Take(limit).Select(RuleBody.Of)];
        return TypedResults.Ok(new RulePage(book.Hash, page, Paging.Cursor(page.Length, limit, after + page.Length)));
    }

    private static IResult Get(string id, LiveState state)
    {
        if (Identifiers.Fault(id) is { } fault) return Requests.BadId(fault);
        return state.Rules.Find(id) is { } rule ? TypedResults.Ok(RuleBody.Of(rule)) : Problems.Of(StatusCodes.Status404NotFound);
    }

    private static Task<IResult> PutAsync(HttpContext http, string id, LiveState state, Posting posting) => Requests.WriteAsync(
        http, id, posting, patch: false, () => Task.FromResult(state.Rules.Find(id)),
        (string? name, JsonElement json, string pointer, Rule? _, out IReadOnlyList<FieldFault> faults) =>
            RuleReading.Read(name, json, pointer, state.Catalog, out faults),
        rule => new RuleChange(rule.Id, RuleJson.Write(rule), ActorOf(http)));

    private static async Task<IResult> DeleteAsync(HttpContext http, string id, LiveState state, Posting posting)
    {
        if (Requests.IdAndFlag(http, id, out var validateOnly) is { } refusal) return refusal;
        if (validateOnly)
        {
            return state.Rules.Find(id) is null
                ? Problems.Of(StatusCodes.Status404NotFound) : TypedResults.Ok(new WriteResponse(id, "valid", 0, false));
        }
        var (outcome, position, folded) = await posting.PostAsync(new RuleChange(id, null, ActorOf(http)), http.RequestAborted);
        return outcome == AppendOutcome.Unknown
            ? Problems.Of(StatusCodes.Status404NotFound) : TypedResults.Ok(new WriteResponse(id, "removed", position, folded));
    }

    private static async Task<IResult> HistoryAsync(HttpContext http, string id, ILogContents contents)
    {
        if (Paging.Read(http, first: 0, out var cursor, out var limit) is { } refusal) return refusal;
        if (Identifiers.Fault(id) is { } fault) return Requests.BadId(fault);
        // One more, which says what the last of the page changed.
        var entries = await contents.ReadRuleChangesAsync(id, cursor == 0 ? long.MaxValue : cursor, limit + 1, http.RequestAborted);
        if (entries.Count == 0 && cursor == 0) return Problems.Of(StatusCodes.Status404NotFound);
        var count = Math.Min(limit, entries.Count);
        var changes = new RuleChangeBody[count];
        for (var at = 0; at < count; at++)
        {
            var change = (RuleChange)entries[at].Change;
            var before = at + 1 < entries.Count ? ((RuleChange)entries[at + 1].Change).Json : null;
            changes[at] = new RuleChangeBody(
                entries[at].Position, DateTimeOffset.FromUnixTimeMilliseconds(entries[at].ReceivedMs), change.By, Body(before),
                Body(change.Json));
        }
        return TypedResults.Ok(
            new RuleHistoryBody(id, changes, entries.Count > limit ? Paging.Cursor(limit, limit, changes[^1].Position) : null));
    }

    private static RuleBody? Body(string? json) => json is null ? null : RuleBody.Of(RuleJson.Read(json));

    private static string ActorOf(HttpContext http)
    {
        var subject = http.User.FindFirstValue("sub") ?? "";
        return subject.Length <= RecordRules.MaxIdLength ? subject : subject[..RecordRules.MaxIdLength];
    }
}
