namespace RecSys.Core.Import.DataSets;

/// <summary>What becomes a served record once the items have their numbers.</summary>
/// <param name="Id">Of the request.</param>
/// <param name="User">Who saw it.</param>
/// <param name="Item">What was shown.</param>
/// <param name="Policy">What chose it.</param>
/// <param name="Campaign">Where.</param>
/// <param name="TimeMs">When, Unix milliseconds.</param>
/// <param name="Propensity">With what probability it was chosen for its place.</param>
internal sealed record OpenBanditRow(
    string Id, string User, string Item, string Policy, string Campaign, long TimeMs, double Propensity);
