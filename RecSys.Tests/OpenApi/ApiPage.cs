using System.Text.RegularExpressions;
using RecSys.Tests.Documentation;

namespace RecSys.Tests.OpenApi;

/// <summary>
/// <c>docs/api.md</c>: below a heading that names a route stand shell blocks with calls of <c>curl</c>, and behind each call a line
/// <c># 200 field, field=value</c> with the status (or several, as in <c>200|409</c>) and fields of the reply.
/// </summary>
internal static partial class ApiPage
{
    public const string Path = "docs/api.md";

    /// <summary>All shell blocks, in the order of the page.</summary>
    public static IReadOnlyList<ApiBlock> Blocks { get; } = Read();

    /// <summary>The routes that have a heading, as <c>GET /recommend</c>.</summary>
    public static IEnumerable<string> Routes => Heading().Matches(Pages.Read(Path)).Select(match => match.Groups["route"].Value);

    private static List<ApiBlock> Read()
    {
        var (blocks, route, lines) = (new List<ApiBlock>(), "", (List<string>?)null);
        foreach (var line in Pages.Read(Path).Split('\n'))
        {
            if (lines is not null)
            {
                if (line == "```")
                {
                    blocks.Add(new ApiBlock(route, string.Join('\n', lines),
                        [.. lines.Where(each => Expected().IsMatch(each)).Select(ExpectedReply.Of)]));
                    lines = null;
                }
                else lines.Add(line);
            }
            else if (line == "```sh") lines = [];
            else if (line.StartsWith('#')) route = Heading().Match(line) is { Success: true } heading ? heading.Groups["route"].Value : "";
        }
        return blocks;
    }

    [GeneratedRegex("^### `(?<route>[A-Z]+ /[^`]*)`$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^# [0-9]{3}")]
    private static partial Regex Expected();
}

/// <summary>One shell block of the page.</summary>
/// <param name="Route">The route of the heading above; empty for none.</param>
/// <param name="Script">The block.</param>
/// <param name="Replies">What its calls are answered with, in their order.</param>
internal sealed record ApiBlock(string Route, string Script, IReadOnlyList<ExpectedReply> Replies);

/// <summary>What a call is answered with.</summary>
/// <param name="Statuses">Any of them.</param>
/// <param name="Fields">Fields of the body, each with its value where that is the same always.</param>
internal sealed record ExpectedReply(IReadOnlyList<int> Statuses, IReadOnlyList<(string Name, string? Value)> Fields)
{
    public static ExpectedReply Of(string line)
    {
        var parts = line[2..].Split(' ', 2);
        return new ExpectedReply([.. parts[0].Split('|').Select(int.Parse)],
            [.. (parts.Length == 1 ? [] : parts[1].Split(", ")).Select(field => field.Split('=', 2))
                .Select(pair => (pair[0], pair.Length == 1 ? null : pair[1]))]);
    }
}
