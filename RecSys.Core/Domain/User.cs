namespace RecSys.Core.Domain;

/// <summary>Somebody who gets recommendations.</summary>
public sealed record User
{
    private static readonly IReadOnlyDictionary<string, string> NoAttributes = new Dictionary<string, string>();

    /// <summary>1 to 256 characters, no control characters.</summary>
    public required string Id { get; init; }
    public string? Gender { get; init; }
    public int? Age { get; init; }
    public string? Location { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    /// <summary>Any further profile fields, such as <c>occupation</c>; values are categories.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = NoAttributes;
}
