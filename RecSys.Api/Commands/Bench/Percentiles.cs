namespace RecSys.Api.Commands.Bench;

/// <summary>Percentiles of measured times: the value below which the share lies, never one between two.</summary>
internal static class Percentiles
{
    /// <param name="values">In any order.</param>
    /// <param name="share">0 to 1.</param>
    /// <param name="digits">Decimals that are kept.</param>
    /// <returns>Null where nothing was measured.</returns>
    public static double? Of(IEnumerable<double> values, double share, int digits)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? null : Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))], digits);
    }
}
