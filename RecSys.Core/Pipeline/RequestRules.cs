using System.Buffers;
using RecSys.Core.Merchandising;

namespace RecSys.Core.Pipeline;

/// <summary>The merchandising rules that hold for one request. Reused between requests.</summary>
public sealed class RequestRules
{
    private readonly List<BoundRule> filters = [];
    private readonly List<BoundRule> factors = [];
    private readonly List<Rule> caps = [];
    private readonly List<PinnedItem> pins = [];

    /// <summary>Those that leave items out: include rules first, then exclude rules and own items.</summary>
    public IReadOnlyList<BoundRule> Filters => filters;

    /// <summary>Those that change scores.</summary>
    public IReadOnlyList<BoundRule> Factors => factors;

    /// <summary>Those that let only so many of a group to the top.</summary>
    public IReadOnlyList<Rule> Caps => caps;

    /// <summary>Items at places, by place: no item and no place twice.</summary>
    public IReadOnlyList<PinnedItem> Pins => pins;

    /// <summary>True when an include rule is among them: then most of the catalogue may be ruled out.</summary>
    public bool Narrows => filters.Count > 0 && filters[0].Rule.Rule.Kind == RuleKind.Include;

    /// <summary>True when the places of the list are not by score alone.</summary>
    public bool Arranges => caps.Count > 0 || pins.Count > 0;

    /// <summary>False for an item that a rule leaves out.</summary>
    public bool Passes(int item)
    {
        foreach (var bound in filters)
        {
            if (LeavesOut(bound, bound.Filter.Passes(item))) return false;
        }
        return true;
    }

    /// <summary>Whether a rule that leaves items out does so with one that its filter lets pass or not.</summary>
    public static bool LeavesOut(BoundRule bound, bool passes) => passes != (bound.Rule.Rule.Kind == RuleKind.Include);

    /// <summary>True for an item that has a place by a rule.</summary>
    public bool IsPinned(int item)
    {
        foreach (var pin in pins)
        {
            if (pin.Item == item) return true;
        }
        return false;
    }

    internal void Add(BoundRule bound)
    {
        switch (bound.Rule.Rule.Kind)
        {
            case RuleKind.Include:
                filters.Insert(filters.TakeWhile(other => other.Rule.Rule.Kind == RuleKind.Include).Count(), bound);
                break;
            case RuleKind.Exclude or RuleKind.OwnItems:
                filters.Add(bound);
                break;
            case RuleKind.Boost or RuleKind.Bury:
                factors.Add(bound);
                break;
            default:
                throw new ArgumentException($"A rule of kind {bound.Rule.Rule.Kind} has no filter.", nameof(bound));
        }
    }

    internal void AddCap(Rule rule) => caps.Add(rule);

    /// <summary>Gives an item a place.</summary>
    /// <returns>False when one of both is taken.</returns>
    internal bool TryPin(PinnedItem wanted)
    {
        var at = 0;
        for (var i = 0; i < pins.Count; i++)
        {
            if (pins[i].Item == wanted.Item || pins[i].Place == wanted.Place) return false;
            if (pins[i].Place < wanted.Place) at = i + 1;
        }
        pins.Insert(at, wanted);
        return true;
    }

    /// <summary>Takes what rules leave out from among the items that may be served.</summary>
    /// <param name="count">Items that are looked at, from number 0 on.</param>
    /// <param name="bits">One per item, (count + 63) / 64 words.</param>
    /// <param name="isSet">False: the bits mean nothing yet, and an include rule sets them.</param>
    internal void Narrow(int count, Span<ulong> bits, bool isSet)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(bits.Length);
        try
        {
            var passing = rented.AsSpan(0, bits.Length);
            foreach (var bound in filters)
            {
                if (!isSet)
                {
                    bound.Filter.Select(count, bits);
                    isSet = true;
                    continue;
                }
                bound.Filter.Select(count, passing);
                var including = bound.Rule.Rule.Kind == RuleKind.Include;
                for (var word = 0; word < bits.Length; word++) bits[word] &= including ? passing[word] : ~passing[word];
            }
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    internal void Clear()
    {
        filters.Clear();
        factors.Clear();
        caps.Clear();
        pins.Clear();
    }
}
