using RecSys.Core.Domain;

namespace RecSys.Core.Expressions;

/// <summary>For whom, when and over what an expression is evaluated.</summary>
public sealed record ExpressionScope
{
    private static readonly IReadOnlyDictionary<string, AttributeValue> Nothing = new Dictionary<string, AttributeValue>();

    /// <summary>The items.</summary>
    public required ItemCatalog Catalog { get; init; }

    /// <summary>Unix milliseconds that ages refer to.</summary>
    public required long NowMs { get; init; }

    /// <summary>Share of the chosen items that are chosen less, 0 to 1, by item number; 0 for items behind its end.</summary>
    public ReadOnlyMemory<float> Popularity { get; init; }

    /// <summary>Profile of the user; null where there is none, and then all of it is unknown.</summary>
    public User? User { get; init; }

    /// <summary>Device of the request.</summary>
    public string? Device { get; init; }

    /// <summary>Location of the request.</summary>
    public string? Location { get; init; }

    /// <summary>Further fields of the request.</summary>
    public IReadOnlyDictionary<string, AttributeValue> Context { get; init; } = Nothing;
}
