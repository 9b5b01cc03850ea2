using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Explaining;

/// <summary>What a request asked for beyond who gets how many items, as far as its record tells: filter and boost.</summary>
/// <param name="expressions">Reads them.</param>
public sealed class PastWishes(ExpressionCache expressions)
{
    /// <param name="record">What was served.</param>
    /// <param name="unknown">Gets the names of those of which only a digest is on record, or that cannot be read any more.</param>
    /// <returns>Null where the request asked for neither.</returns>
    public RequestWishes? Of(ServedRecord record, List<string> unknown)
    {
        var filter = record.Filter is { } condition ? expressions.Filter(condition, out _) : null;
        var boost = record.Boost is { } factor ? expressions.Factor(factor, out _) : null;
        if (record.Filter is not null && filter is null) unknown.Add(Explanation.Filter);
        if (record.Boost is not null && boost is null) unknown.Add(Explanation.Boost);
        return filter is null && boost is null ? null : new RequestWishes { Filter = filter, Boost = boost };
    }
}
