namespace RecSys.Core.Monitoring.Alerts.Evaluation;

/// <summary>Where a rule stands after a look. Unbroken spells are counted from their first look on; null: there is none now.</summary>
/// <param name="Level">The level in force.</param>
/// <param name="Since">Since when.</param>
/// <param name="BadSince">Since when every look was at least yellow: about when the trouble began.</param>
/// <param name="RedSince">Since when every look was red.</param>
/// <param name="NotRedSince">Since when every look was so good that red may clear.</param>
/// <param name="GoodSince">Since when every look was so good that yellow may clear.</param>
/// <param name="Value">The last value; null before the first, kept while there is none.</param>
/// <param name="Detail">What the source said beside it.</param>
/// <param name="HasData">False when the last look found nothing to judge.</param>
public sealed record RuleState(
    AlertLevel Level, DateTimeOffset Since, DateTimeOffset? BadSince = null, DateTimeOffset? RedSince = null,
    DateTimeOffset? NotRedSince = null, DateTimeOffset? GoodSince = null, double? Value = null, string? Detail = null, bool HasData = false)
{
    /// <summary>For an alert: when its trouble began, which is a little before it was raised.</summary>
    public DateTimeOffset Began { get; init; } = Since;
}
