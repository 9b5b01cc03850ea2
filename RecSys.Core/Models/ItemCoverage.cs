using System.Globalization;

namespace RecSys.Core.Models;

/// <summary>
/// Refuses a bundle that was made for another catalogue: its rows would be searched, found and thrown away. Items that are newer than the
/// bundle and items that were removed since it was made do not count against it.
/// </summary>
internal static class ItemCoverage
{
    private const double MostUnknown = 0.01;
    private const int Examples = 3;

    /// <summary>Figures and examples when more than 1 % of the ids were never known here; null when the bundle may serve.</summary>
    public static string? Refusal(string version, IReadOnlyList<string> ids, Func<string, bool> wasNumbered)
    {
        var unknown = 0;
        var examples = new List<string>(Examples);
        foreach (var id in ids)
        {
            if (wasNumbered(id)) continue;
            unknown++;
            if (examples.Count < Examples) examples.Add(id);
        }
        if (unknown <= MostUnknown * ids.Count) return null;
        var share = (100.0 * unknown / ids.Count).ToString("0.0", CultureInfo.InvariantCulture);
        return $"The bundle {version} was made for other items: {unknown} of its {ids.Count} ({share} %, at most 1 % is allowed) were "
            + "never stored here, such as "
            + $"{string.Join(", ", examples)}. Import the items that it was trained on, or train a version on this data.";
    }
}
