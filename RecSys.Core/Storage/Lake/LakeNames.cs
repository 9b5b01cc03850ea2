using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Names of folders and files, and of the stored values that stand in the files as words.</summary>
internal static class LakeNames
{
    internal const string Manifest = "manifest.json";
    private const string DayPrefix = "day=";
    private const string DayFormat = "yyyy-MM-dd";

    private static readonly string[] Kinds =
        ["event", "item_put", "item_removal", "user_put", "user_merge", "user_erasure", "list_shown", "policy_put", "rule_change"];
    private static readonly string[] Slots = ["ranked", "explored", "pinned"];

    private static readonly Dictionary<string, LogKind> KindsByName = ByName<LogKind>(Kinds);
    private static readonly Dictionary<string, SlotKind> SlotsByName = ByName<SlotKind>(Slots);
    private static readonly Dictionary<string, EventMeaning> MeaningsByName = ByName<EventMeaning>(EventNames.Meanings);
    private static readonly Dictionary<string, RevenueSource> SourcesByName = ByName<RevenueSource>(EventNames.RevenueSources);

    internal static string Of(LakeTable table) => table == LakeTable.Log ? "log" : "served";

    /// <summary>Such as <c>day=2026-01-31</c>, which tools that read Parquet take as a column.</summary>
    internal static string Of(DateOnly day) => DayPrefix + Plain(day);

    /// <summary>Such as <c>2026-01-31</c>.</summary>
    internal static string Plain(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    internal static bool TryParseDay(string folder, out DateOnly day)
    {
        day = default;
        return folder.StartsWith(DayPrefix, StringComparison.Ordinal)
            && DateOnly.TryParseExact(folder.AsSpan(DayPrefix.Length), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None,
                out day);
    }

    internal static string Of(LogKind kind) => Kinds[(int)kind];

    internal static string Of(SlotKind slot) => Slots[(int)slot];

    internal static LogKind Kind(string name) => Known(KindsByName, name, "kind of entry");

    internal static SlotKind Slot(string name) => Known(SlotsByName, name, "kind of place");

    internal static EventMeaning Meaning(string name) => Known(MeaningsByName, name, "meaning");

    internal static RevenueSource Source(string name) => Known(SourcesByName, name, "revenue source");

    internal static EventType Type(string name) =>
        EventTypes.TryParse(name, out var type) ? type : throw Unknown(name, "event type");

    private static Dictionary<string, T> ByName<T>(IReadOnlyList<string> names)
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => names[Convert.ToInt32(value, CultureInfo.InvariantCulture)], StringComparer.Ordinal);

    private static T Known<T>(Dictionary<string, T> names, string name, string what) =>
        names.TryGetValue(name, out var value) ? value : throw Unknown(name, what);

    private static RecSysException Unknown(string name, string what) =>
        new($"A file of the lake has the {what} '{name}', which this version of RecSys does not know. Use the version that wrote it.");
}
