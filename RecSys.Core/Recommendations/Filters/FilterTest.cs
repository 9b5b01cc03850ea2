using System.Buffers;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>Takes candidates out by an expression.</summary>
internal static class FilterTest
{
    /// <summary>Tests the candidates as their items are now, not as they were when the request began.</summary>
    /// <param name="candidates">Open for a filter.</param>
    /// <param name="filter">What is asked of the items.</param>
    /// <param name="leavesOut">True for what is taken out: those that pass, or those that do not.</param>
    /// <param name="reason">Said of what is taken out.</param>
    public static void Remove(CandidateList candidates, ItemFilter filter, bool leavesOut, string reason)
    {
        var items = candidates.Items;
        if (items.IsEmpty) return;
        var (numbers, passes) = (ArrayPool<int>.Shared.Rent(items.Length), ArrayPool<bool>.Shared.Rent(items.Length));
        try
        {
            for (var i = 0; i < items.Length; i++) numbers[i] = items[i].Item;
            filter.Test(numbers.AsSpan(0, items.Length), passes);
            for (var i = 0; i < items.Length; i++)
            {
                if (passes[i] == leavesOut) candidates.Remove(i, reason);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(numbers);
            ArrayPool<bool>.Shared.Return(passes);
        }
    }
}
