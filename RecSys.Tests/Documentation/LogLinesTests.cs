using System.Text.RegularExpressions;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Documentation;

/// <summary>Whoever reads a warning in the log finds in the runbook what to do.</summary>
public sealed partial class LogLinesTests
{
    [Fact]
    public void EveryWarning_IsInTheRunbook()
    {
        var spans = Spans();
        var warnings = Warnings();

        Assert.True(warnings.Count > 20, $"Only {warnings.Count} warnings were found in the sources.");
        Assert.Equal([], warnings.Where(warning => !spans.Any(span => IsOf(span, warning))));
    }

    [Fact]
    public void EveryLineOfTheRunbook_IsSaidByTheProgram()
    {
        var warnings = Warnings();

        Assert.Equal([], Spans().Where(span => !warnings.Any(warning => IsOf(span, warning))));
    }

    private static List<string> Spans() =>
        [.. Pages.TableRows("docs/runbook.md", "## Log lines").SelectMany(cells => CodeSpan().Matches(cells[0]))
            .Select(match => match.Groups["text"].Value)];

    private static List<string> Warnings()
    {
        var sources = new[] { "RecSys.Core", "RecSys.Api" }
            .SelectMany(project => Directory.EnumerateFiles(Repository.File(project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        return
        [
            .. sources.SelectMany(file => Declaration().Matches(File.ReadAllText(file))).Select(match => match.Groups["terms"].Value)
                .Where(terms => Severe().IsMatch(terms)).Select(terms => Literal().Match(terms).Groups["text"].Value),
        ];
    }

    // Three dots stand for what differs from line to line.
    private static bool IsOf(string span, string message)
    {
        var pieces = span.Split("...").Select(piece => piece.Trim()).ToList();
        if (!message.StartsWith(pieces[0], StringComparison.Ordinal)) return false;
        var at = 0;
        foreach (var piece in pieces)
        {
            var found = message.IndexOf(piece, at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + piece.Length;
        }
        return true;
    }

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\[LoggerMessage\((?<terms>.*?)\)\]", RegexOptions.Singleline)]
    private static partial Regex Declaration();

    [GeneratedRegex("LogLevel\\.(Warning|Error|Critical)")]
    private static partial Regex Severe();

    [GeneratedRegex("\"(?<text>[^\"]*)\"")]
    private static partial Regex Literal();
}
