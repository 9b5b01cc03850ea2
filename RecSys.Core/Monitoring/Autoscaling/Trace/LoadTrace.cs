using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Autoscaling.Trace;

/// <summary>Load over time: requests per second at moments, straight lines in between.</summary>
/// <param name="Name">Of a preset, or the file's.</param>
/// <param name="Points">Seconds from the start, growing, and requests per second.</param>
public sealed record LoadTrace(string Name, IReadOnlyList<(double Second, double Rate)> Points)
{
    /// <summary>Names of the presets.</summary>
    public static IReadOnlyList<string> Presets { get; } = ["daily", "spike", "ramp"];

    // A week of seconds.
    private const int MostPoints = 7 * 86_400;

    private const double Day = 86_400;

    /// <summary>How long it lasts.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(Points[^1].Second);

    /// <summary>A preset by its name, or a file of lines <c>seconds,requests_per_second</c>.</summary>
    /// <exception cref="RecSysException">There is no such file, or it cannot be read.</exception>
    public static LoadTrace Of(string name) => name switch
    {
        // From 500 a second at four in the morning to 8,000 at four in the afternoon.
        "daily" => new LoadTrace(name, [.. Enumerable.Range(0, 289).Select(at => (at * 300.0,
            4250 + 3750 * Math.Sin(2 * Math.PI * (at * 300.0 / Day - 10.0 / 24))))]),
        // Six times the load within half a minute, for twenty minutes.
        "spike" => new LoadTrace(name, [(0, 1000), (3600, 1000), (3630, 6000), (4830, 6000), (4860, 1000), (14_400, 1000)]),
        "ramp" => new LoadTrace(name, [(0, 1000), (1800, 1000), (9000, 10_000), (14_400, 10_000)]),
        _ => ReadFile(name),
    };

    /// <summary>Requests per second at a moment; the last rate from the end on.</summary>
    public double RateAt(double second)
    {
        var (low, high) = (0, Points.Count - 1);
        if (second <= Points[0].Second) return Points[0].Rate;
        if (second >= Points[high].Second) return Points[high].Rate;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Points[middle].Second <= second) low = middle;
            else high = middle;
        }
        var ((from, first), (to, other)) = (Points[low], Points[high]);
        return first + (other - first) * (second - from) / (to - from);
    }

    private static LoadTrace ReadFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new RecSysException(
                $"--trace takes {string.Join(", ", Presets)} or a file; {path} is a folder: name a file in it.");
        }
        var points = new List<(double Second, double Rate)>();
        try
        {
            foreach (var (line, number) in File.ReadLines(path).Select((line, at) => (line.Trim(), at + 1)))
            {
                if (line.Length == 0 || (number == 1 && line.StartsWith("seconds", StringComparison.Ordinal))) continue;
                if (line.Split(',') is not [var left, var right] || !Number(left, out var second) || !Number(right, out var rate)
                    || (points.Count > 0 && second <= points[^1].Second))
                {
                    throw new RecSysException(
                        $"{path}, line {number}: must be seconds,requests_per_second with growing seconds, such as 300,1200.");
                }
                if (points.Count == MostPoints)
                {
                    throw new RecSysException(
                        $"{path} has more than {MostPoints} lines. Leave some out: between two lines the load is a straight line.");
                }
                points.Add((second, rate));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException(
                $"--trace takes {string.Join(", ", Presets)} or a file; {path} cannot be read: {fault.Message}", fault);
        }
        return points.Count >= 2 && points[^1].Second <= 7 * Day
            ? new LoadTrace(Path.GetFileName(path), points)
            : throw new RecSysException($"{path} needs at least two lines of load, within a week.");
    }

    private static bool Number(string text, out double number) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number) && number >= 0;
}
