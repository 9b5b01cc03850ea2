using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace RecSys.Api.Contracts;

/// <summary>The parameter <c>num_items</c>, the same on every route that has it.</summary>
internal static class NumItems
{
    public const int Default = 20;
    public const int Max = 100;

    /// <summary>Says what is wrong; null when the value is good or missing, which means <see cref="Default"/>.</summary>
    public static string? Parse(StringValues values, out int items)
    {
        items = Default;
        if (values.Count == 0) return null;
        if (values.Count > 1) return "must not be repeated";
        return int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out items) && items is >= 1 and <= Max
            ? null
            : $"must be a whole number from 1 to {Max}";
    }
}
