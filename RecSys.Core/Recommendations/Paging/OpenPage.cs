using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Paging;

/// <summary>What is kept behind a page that was served, copied out of <see cref="OpenLists"/>.</summary>
/// <param name="Request">What the first page was asked for by.</param>
/// <param name="Assignment">What made the list.</param>
/// <param name="Epoch">Of the log whose item numbers these are.</param>
/// <param name="Degraded">What had failed when the list was made.</param>
/// <param name="NotPersonal">Why the list is not personal; null when it is.</param>
/// <param name="Offset">Places of the list on the pages up to this one.</param>
/// <param name="Items">The next page where it was cut before; else everything behind this page.</param>
/// <param name="NextId">Request id of the next page where it was cut before; else null.</param>
/// <param name="HasMore">Where the next page was cut before: whether something is left behind it.</param>
internal sealed record OpenPage(
    RecommendationRequest Request, Assignment Assignment, long Epoch, IReadOnlyList<string> Degraded, string? NotPersonal, int Offset,
    OpenItem[] Items, string? NextId, bool HasMore)
{
    /// <summary>Whose list it is.</summary>
    public string UserId => Request.UserId;
}
