using System.Globalization;
using System.Text.RegularExpressions;

namespace RecSys.Core.Models;

/// <summary>A version such as <c>v1.2.3</c>.</summary>
internal sealed partial record SemanticVersion(int Major, int Minor, int Patch) : IComparable<SemanticVersion>
{
    public int CompareTo(SemanticVersion? other) =>
        other is null ? 1 : (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>
    /// The version that a folder or file name speaks of, such as <c>v1.2.3</c> and <c>.tmp-v1.2.3-0f</c>; null for other names.
    /// </summary>
    public static SemanticVersion? FindIn(string name)
    {
        var match = Pattern().Match(name);
        return match.Success
            ? new SemanticVersion(Number(match.Groups[1]), Number(match.Groups[2]), Number(match.Groups[3]))
            : null;
    }

    /// <summary>Orders names: all semantic versions, by number, after all other names, in ordinal order.</summary>
    public static int Compare(string a, string b)
    {
        var (left, right) = (FindIn(a), FindIn(b));
        if (left is not null && right is not null && left.CompareTo(right) is not 0 and var order) return order;
        if (left is null != right is null) return left is null ? -1 : 1;
        return string.CompareOrdinal(a, b);
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    // At most nine digits, so that every number fits.
    [GeneratedRegex(@"^(?:\.tmp-)?v(\d{1,9})\.(\d{1,9})\.(\d{1,8})(?!\.?\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
