using RecSys.Core.Merchandising;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>At most so many items of each group among the first places.</summary>
/// <param name="By">What is counted.</param>
/// <param name="Most">Most items of each.</param>
/// <param name="Top">Number of places.</param>
internal readonly record struct PlaceLimit(CapGroup By, int Most, int Top)
{
    /// <summary>How many hold for a request.</summary>
    public static int CountOf(RecommendationContext context) => 1 + context.Rules.Caps.Count;

    /// <summary>The diversity of the policy first, then the caps of rules.</summary>
    public static PlaceLimit Of(RecommendationContext context, int at)
    {
        if (at == 0) return new PlaceLimit(CapGroup.Category, context.Policy.MaxPerCategory, context.Policy.DiversityTop);
        var rule = context.Rules.Caps[at - 1];
        return new PlaceLimit(rule.By!.Value, rule.Most!.Value, rule.Top!.Value);
    }

    /// <summary>A number of the item's group; null for an item that is of none and never counts.</summary>
    public int? GroupOf(RecommendationContext context, int item)
    {
        if (By == CapGroup.Creator) return context.Catalog.CreatorOf(item) is >= 0 and var creator ? creator : null;
        var category = context.Catalog.CategoryOf(item);
        return context.Catalog.IsNamed(category) ? category : null;
    }
}
