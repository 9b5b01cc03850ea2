using System.Globalization;
using System.Text.RegularExpressions;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Durations as Go writes them: numbers with units, such as <c>1h30m</c>, <c>0h0m5s</c> or <c>250ms</c>.</summary>
internal static partial class GorseDuration
{
    /// <summary>Reads a duration of 0 to a day.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text == "0") return true;
        if (Whole().Match(text) is not { Success: true } match) return false;
        var seconds = 0.0;
        foreach (var (part, at) in match.Groups["number"].Captures.Select((part, at) => (part, at)))
        {
            seconds += double.Parse(part.Value, CultureInfo.InvariantCulture) * match.Groups["unit"].Captures[at].Value switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "ns" => 1e-9,
                _ => 1e-6,
            };
        }
        if (seconds > 86_400) return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    [GeneratedRegex(@"^((?<number>\d{1,15}(\.\d{1,9})?)(?<unit>h|ms|m|s|us|µs|ns)){1,6}$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();
}
