using System.Text.RegularExpressions;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Documentation;

/// <summary>The Markdown pages of the repository.</summary>
internal static partial class Pages
{
    /// <summary>Every page that people read, as a path relative to the repository.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.File("docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal),
    ];

    public static string Read(string page) => File.ReadAllText(Repository.File(page));

    /// <summary>The targets of all links of a page.</summary>
    public static IEnumerable<string> Links(string page) => Link().Matches(Read(page)).Select(match => match.Groups["target"].Value);

    /// <summary>The cells of all rows of tables that stand below a heading, up to the next heading.</summary>
    public static IReadOnlyList<string[]> TableRows(string page, string heading)
    {
        var text = Read(page);
        var start = text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{page} has no heading '{heading}'.");
        var section = text[(start + heading.Length + 2)..];
        if (NextHeading().Match(section) is { Success: true } next) section = section[..next.Index];
        return [.. section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim('|', ' ').Split(" | "))];
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} ", RegexOptions.Multiline)]
    private static partial Regex NextHeading();
}
