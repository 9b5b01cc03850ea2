namespace RecSys.Core.Domain;

/// <summary>
/// Names of meanings and revenue sources in files and over HTTP, snake case, in the order of the stored values; those of types are in
/// <see cref="EventTypes"/>.
/// </summary>
public static class EventNames
{
    /// <summary>Of each <see cref="EventMeaning"/>.</summary>
    public static IReadOnlyList<string> Meanings { get; } = ["neutral", "positive", "negative", "undo"];

    /// <summary>Of each <see cref="RevenueSource"/>.</summary>
    public static IReadOnlyList<string> RevenueSources { get; } = ["none", "ad_click", "subscription", "purchase", "affiliate"];

    public static string ToName(this EventMeaning meaning) => Meanings[(int)meaning];

    public static string ToName(this RevenueSource source) => RevenueSources[(int)source];
}
