namespace RecSys.Core.Merchandising;

/// <summary>The words of rules as they are written.</summary>
public static class RuleNames
{
    /// <summary>By the number of the kind.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["pin", "boost", "bury", "include", "exclude", "cap", "own_items"];

    /// <summary>By the number of the group.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["category", "creator"];

    public static string Of(RuleKind kind) => Kinds[(int)kind];

    public static string Of(CapGroup group) => Groups[(int)group];

    public static RuleKind? Kind(string? name) => At(Kinds, name) is { } at ? (RuleKind)at : null;

    public static CapGroup? Group(string? name) => At(Groups, name) is { } at ? (CapGroup)at : null;

    private static int? At(IReadOnlyList<string> names, string? name)
    {
        for (var at = 0; at < names.Count; at++)
        {
            if (names[at] == name) return at;
        }
        return null;
    }
}
