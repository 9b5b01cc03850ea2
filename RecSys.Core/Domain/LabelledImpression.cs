namespace RecSys.Core.Domain;

/// <summary>An item that was shown, and whether what is asked about it came true: a row of a published test.</summary>
/// <param name="UserId">To whom.</param>
/// <param name="ItemId">What.</param>
/// <param name="TimeMs">When, Unix milliseconds.</param>
/// <param name="Location">Where in the app; null when unknown.</param>
/// <param name="IsPositive">The label.</param>
public sealed record LabelledImpression(string UserId, string ItemId, long TimeMs, string? Location, bool IsPositive);
