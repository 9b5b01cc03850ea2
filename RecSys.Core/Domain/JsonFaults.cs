using System.Text.Json;
using System.Text.RegularExpressions;

namespace RecSys.Core.Domain;

/// <summary>What is wrong with a JSON text, in the words of whoever writes it rather than of the program that reads it.</summary>
public static partial class JsonFaults
{
    /// <summary>A clause without names of types, such as "the field positve is not known, at $ in line 1".</summary>
    public static string Describe(JsonException failure)
    {
        var message = failure.Message;
        var place = (failure.Path is { Length: > 0 } path ? $", at {path}" : "")
            + (failure.LineNumber is { } line ? FormattableString.Invariant($" in line {line + 1}") : "");
        if (Unmapped().Match(message) is { Success: true } unknown) return $"the field {unknown.Groups[1].Value} is not known{place}";
        if (Missing().Match(message) is { Success: true } missing)
            return $"{missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal)} is missing{place}";
        if (Unconverted().IsMatch(message)) return $"a value is not of the kind that belongs there{place}";
        return Rest().Replace(message, "").TrimEnd('.', ' ') is { Length: > 0 } text && !text.Contains("System.", StringComparison.Ordinal)
            ? text + place : $"it is not the JSON that it should be{place}";
    }

    [GeneratedRegex(@"^The JSON property '(.*)' could not be mapped to any", RegexOptions.CultureInvariant)]
    private static partial Regex Unmapped();

    [GeneratedRegex(@"missing required properties including: (.*?)\.?$", RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex("could not be converted to", RegexOptions.CultureInvariant)]
    private static partial Regex Unconverted();

    // Path, line and byte, which are told once.
    [GeneratedRegex(@"\s*(Path: .*|LineNumber: .*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Rest();
}
