namespace RecSys.Api.Commands.Simulating;

/// <summary>What a night decided.</summary>
/// <param name="Day">The day that was closed, from 0.</param>
/// <param name="Version">The model that was trained; null where none was.</param>
/// <param name="Verdict">Such as <c>improve</c> or <c>refused</c>.</param>
/// <param name="Reasons">In words.</param>
/// <param name="Model"><c>judged</c> or <c>refitted</c>, whichever was published; null where none was.</param>
internal sealed record NightDecision(int Day, string? Version, string Verdict, IReadOnlyList<string> Reasons, string? Model = null);
