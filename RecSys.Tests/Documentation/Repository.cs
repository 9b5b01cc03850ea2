using System.Text.RegularExpressions;

namespace RecSys.Tests.Documentation;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every page that people read, as a path relative to <see cref="Root"/>.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal),
    ];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The cells of all rows of Markdown tables that stand below a heading, up to the next heading.</summary>
    public static IReadOnlyList<string[]> TableRows(string path, string heading)
    {
        var text = Read(path);
        var start = text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{path} has no heading '{heading}'.");
        var section = text[(start + heading.Length + 2)..];
        if (NextHeading().Match(section) is { Success: true } next) section = section[..next.Index];
        return [.. section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim('|', ' ').Split(" | "))];
    }

    private static string FindRoot(string folder)
    {
        var at = folder;
        while (!File.Exists(Path.Combine(at, "RecSys.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException($"There is no RecSys.sln above {folder}.");
        return at;
    }

    [GeneratedRegex("^#{1,6} ", RegexOptions.Multiline)]
    private static partial Regex NextHeading();
}
