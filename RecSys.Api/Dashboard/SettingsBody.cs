using System.Text.Json;

namespace RecSys.Api.Dashboard;

/// <summary>Reply of <c>GET /dashboard/settings</c>.</summary>
/// <param name="PolicyName">Name of the policy in force.</param>
/// <param name="PolicyHash">As served records quote it.</param>
/// <param name="Policy">Its settings.</param>
/// <param name="RolloutMode">What follows when a new model passes the gate: <c>immediate</c> or <c>staged</c>.</param>
/// <param name="TrainingCron">When the server trains by itself; null: never.</param>
/// <param name="TrainingTimeZone">In which time zone.</param>
/// <param name="Environment">Of the host.</param>
/// <param name="Commit">Of the program.</param>
/// <param name="ServedTime">The moment that lists are made for.</param>
public sealed record SettingsBody(
    string PolicyName, string PolicyHash, JsonElement Policy, string RolloutMode, string? TrainingCron, string? TrainingTimeZone,
    string Environment, string Commit, DateTimeOffset ServedTime);
