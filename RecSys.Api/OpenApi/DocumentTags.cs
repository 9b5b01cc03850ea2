namespace RecSys.Api.OpenApi;

/// <summary>The parts of the API, by the first words of their addresses.</summary>
internal static class DocumentTags
{
    /// <summary>Each with what it is about, in the order of the document.</summary>
    public static IReadOnlyList<(string Name, string Description, string[] Paths)> All { get; } =
    [
        ("Recommendations", "Lists of items.", ["recommend", "popular", "items/{id}/similar", "rank", "scenarios", "explain", "rules"]),
        ("Events", "What users did.", ["events"]),
        ("Items", "The catalogue.", ["items"]),
        ("Users", "Profiles, and what is stored of a user.", ["users"]),
        ("Bulk", "Many rows at once.", ["bulk"]),
        ("Data", "What there is to learn from.", ["data"]),
        ("Models", "Which version serves.", ["models"]),
        ("Monitoring", "How the server is, and what its lists bring.", ["monitoring"]),
        ("Browsers", "Tokens of shops' visitors.", ["tokens"]),
        ("Dashboard", "What the pages of the dashboard ask.", ["dashboard"]),
        ("Health", "For load balancers and orchestrators.", ["livez", "readyz"]),
        ("Other", "Everything else.", [""]),
    ];

    /// <param name="path">Of the route, without a slash before it.</param>
    public static string Of(string path) => All
        .SelectMany(tag => tag.Paths, (tag, start) => (tag.Name, Start: start))
        .Where(entry => entry.Start.Length == 0 || path == entry.Start || path.StartsWith($"{entry.Start}/", StringComparison.Ordinal)
            || path.StartsWith($"{entry.Start}:", StringComparison.Ordinal))
        .MaxBy(entry => entry.Start.Length).Name;
}
