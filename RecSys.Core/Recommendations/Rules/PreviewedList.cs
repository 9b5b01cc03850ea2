namespace RecSys.Core.Recommendations.Rules;

/// <summary>A list by the rules in force and by others.</summary>
/// <param name="RequestId">The request that was served.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Scenario">Where it is shown.</param>
/// <param name="Before">Numbers of the items by the rules in force, best first.</param>
/// <param name="After">By the others.</param>
public sealed record PreviewedList(string RequestId, string UserId, string Scenario, IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    public bool Changes => !Before.SequenceEqual(After);
}
