namespace RecSys.Api.Contracts;

/// <summary>What other rules would do to the requests of a span of time, answered once more in the present world.</summary>
/// <param name="From">Beginning of the span.</param>
/// <param name="To">Its end.</param>
/// <param name="Lists">Requests that were repeated.</param>
/// <param name="Changed">Those whose list is another one.</param>
/// <param name="MeanDisplacement">Mean number of places by which an item moves that stays in its list.</param>
/// <param name="ComeIn">Items that come into most lists.</param>
/// <param name="GoOut">Items that go out of most lists.</param>
/// <param name="Examples">Some of the lists that change.</param>
public sealed record RulePreviewResponse(
    DateTimeOffset From,
    DateTimeOffset To,
    int Lists,
    int Changed,
    double MeanDisplacement,
    IReadOnlyList<PreviewedItem> ComeIn,
    IReadOnlyList<PreviewedItem> GoOut,
    IReadOnlyList<PreviewedExample> Examples);

/// <summary>An item that comes in or goes out.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Lists">In how many of the lists.</param>
public sealed record PreviewedItem(string ItemId, string Title, int Lists);

/// <summary>A list that changes.</summary>
/// <param name="RequestId">The request that was served.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Scenario">Where it is shown.</param>
/// <param name="Before">Ids of the items by the rules in force.</param>
/// <param name="After">By the others.</param>
public sealed record PreviewedExample(
    string RequestId, string UserId, string Scenario, IReadOnlyList<string> Before, IReadOnlyList<string> After);
