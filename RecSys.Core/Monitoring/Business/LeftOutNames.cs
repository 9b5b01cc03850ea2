namespace RecSys.Core.Monitoring.Business;

/// <summary>Names of <see cref="LeftOut"/> in replies and metrics.</summary>
public static class LeftOutNames
{
    /// <summary>By value.</summary>
    public static IReadOnlyList<string> All { get; } = ["unknown_request", "not_in_list", "too_old", "other_currency"];

    /// <summary>The name of a reason, such as <c>unknown_request</c>.</summary>
    public static string ToName(this LeftOut why) => All[(int)why];
}
