namespace RecSys.Core.Import.Meaning;

/// <summary>What becomes of rows that name no user.</summary>
/// <param name="Column">The column that stands in for the user, such as a session's; null: the rows are left out and counted.</param>
public sealed record AnonymousRows(string? Column)
{
    /// <summary>They are left out and counted.</summary>
    public static AnonymousRows Skip { get; } = new((string?)null);
}
