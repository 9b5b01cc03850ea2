using RecSys.Core.Domain;
using RecSys.Core.Expressions;

namespace RecSys.Core.Pipeline;

/// <summary>What a request asks for beyond who gets how many items; checked.</summary>
public sealed record RequestWishes
{
    private static readonly IReadOnlyDictionary<string, AttributeValue> NoContext = new Dictionary<string, AttributeValue>();

    /// <summary>Items that may be in the list; null: all.</summary>
    public Expression<ItemFilter>? Filter { get; init; }

    /// <summary>By what the scores of items are multiplied; null: by nothing.</summary>
    public Expression<ItemFactor>? Boost { get; init; }

    /// <summary>Numbers of items that must not be in the list.</summary>
    public IReadOnlySet<int> Excluded { get; init; } = new HashSet<int>();

    /// <summary>Numbers of items whose neighbours are wanted among the candidates.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [];

    /// <summary>
    /// Numbers of the items to be ranked, each once: nothing else is proposed, nothing but what may not be shown is left out, and no rule
    /// changes their order. Null for a list of recommendations.
    /// </summary>
    public IReadOnlyList<int>? Given { get; init; }

    /// <summary>First places of <see cref="Given"/>'s order that are shown, and so kept as served; 0: none.</summary>
    public int Shown { get; init; }

    /// <summary>Further fields of the request, for <see cref="Filter"/> and <see cref="Boost"/>.</summary>
    public IReadOnlyDictionary<string, AttributeValue> Context { get; init; } = NoContext;

    /// <summary>Time for the whole list; what it can do without is left out when it is used up. Null: as long as the stages have.</summary>
    public TimeSpan? Budget { get; init; }
}
