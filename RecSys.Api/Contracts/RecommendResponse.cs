using System.Text.Json.Serialization;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET</c> and <c>POST /recommend</c>.</summary>
/// <param name="UserId">The user asked for.</param>
/// <param name="Items">Best first.</param>
/// <param name="LatencyMs">Time from arrival to the finished list, milliseconds.</param>
/// <param name="ModelVersion">Version of the bundle that made the list.</param>
/// <param name="RequestId">Quote it in events and when asking about the list.</param>
/// <param name="Experiment">The experiment arm that the user is in.</param>
/// <param name="Degraded">What failed or ran out of time, and the fallback level that answered; empty when nothing did.</param>
/// <param name="Shortfall">Set when fewer items than asked for came back.</param>
/// <param name="NextCursor">The id in <c>GET /recommend/{request_id}/next</c> for the page behind this one; null when there is
/// none.</param>
/// <param name="Personalised">False when the list would be the same for others of the same profile and context.</param>
/// <param name="NotPersonalBecause">Why it is not, such as <c>no_positive_events</c>; null when it is.</param>
/// <param name="Timing">Stages with their times, when asked for with <c>include=timing</c>.</param>
/// <param name="Trace">How the list came about, when an administrator asked for it with <c>include=trace</c>.</param>
public sealed record RecommendResponse(
    string UserId,
    IReadOnlyList<RecommendedItem> Items,
    double LatencyMs,
    string ModelVersion,
    string RequestId,
    ExperimentArm Experiment,
    IReadOnlyList<string> Degraded,
    Shortfall? Shortfall,
    string? NextCursor,
    bool Personalised,
    string? NotPersonalBecause,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StageTime>? Timing = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecommendTrace? Trace = null);

/// <summary>The arm of an experiment.</summary>
public sealed record ExperimentArm(string Id, string Variant);

/// <summary>Why a list is short.</summary>
/// <param name="Asked">Items asked for.</param>
/// <param name="Returned">Items returned.</param>
/// <param name="Because">Most frequent reason for removals, or <c>no_candidates</c>; <c>filter</c> when the catalogue has no more that
/// passes the request's; <c>end_of_list</c> of a further page.</param>
public sealed record Shortfall(int Asked, int Returned, string Because);

/// <summary>One stage's share of the time.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Ms">Milliseconds.</param>
/// <param name="Candidates">Candidates left after it.</param>
public sealed record StageTime(string Stage, double Ms, int Candidates);
