using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecSys.Api.Jobs;

/// <summary>Work that outlives its request, and how far it is. Replaced as a whole when something changes.</summary>
/// <param name="Id">Made by the server.</param>
/// <param name="CreatedAt">When everything that it works on was here.</param>
internal abstract record Job(string Id, DateTimeOffset CreatedAt)
{
    public JobState State { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended early, and what to do; null when it did not.</summary>
    public string? Reason { get; init; }

    public bool HasEnded => State is not (JobState.Queued or JobState.Running);

    /// <summary>The state in replies, such as <c>queued</c>.</summary>
    [JsonIgnore]
    public string StateName => JsonNamingPolicy.SnakeCaseLower.ConvertName(State.ToString());

    /// <summary>How many of something it has done a second since it started; null before.</summary>
    public double? PerSecond(long done, DateTimeOffset now) =>
        StartedAt is { } start ? Math.Round(done / Math.Max(0.001, ((EndedAt ?? now) - start).TotalSeconds), 1) : null;
}
