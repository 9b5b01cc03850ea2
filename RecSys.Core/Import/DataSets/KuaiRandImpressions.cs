using System.Collections.Concurrent;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>One row of an impressions file and the events it stands for.</summary>
internal static class KuaiRandImpressions
{
    private static readonly string[] Columns =
        ["user_id", "video_id", "time_ms", "is_click", "is_like", "is_follow", "is_hate", "long_view", "play_time_ms", "is_rand", "tab"];

    // The tabs of the app are few; one string each serves all rows.
    private static readonly ConcurrentDictionary<long, string> Tabs = new();

    private static readonly TimeReading Times = new(TimeUnit.Milliseconds, zone: null);

    internal const string ImpressionFiles = "impressions_*.tsv";
    internal const string LogFiles = "log_*.csv";

    /// <summary>The files of a folder that hold impressions.</summary>
    internal static IEnumerable<string> Files(string directory) =>
        ImportFiles.Matching(directory, ImpressionFiles).Concat(ImportFiles.Matching(directory, LogFiles));

    /// <summary>One of them, with all columns that <see cref="Read"/> needs and those named.</summary>
    internal static TableReader Open(string path, ImportLedger ledger, params string[] more) =>
        Path.GetFileName(path).StartsWith("log_", StringComparison.Ordinal)
            ? TableReader.Csv(path, ledger, [.. Columns, .. more]) : TableReader.Tsv(path, ledger, [.. Columns, .. more]);

    /// <summary>The tab of the app, as it stands in the log for the location.</summary>
    internal static string Tab(TableRow row)
    {
        var number = row.Count("tab");
        return number <= 1000 ? Tabs.GetOrAdd(number, static number => string.Create(CultureInfo.InvariantCulture, $"tab {number}"))
            : throw new RowException("tab is larger than 1000");
    }

    /// <summary>A required time in Unix milliseconds between 1990 and 2199.</summary>
    internal static long TimeMs(TableRow row, string name) => Times.OfNumber(row.Count(name), name).ToUnixTimeMilliseconds();

    internal static void Read(TableRow row, HashSet<string> users, HashSet<string> videos, Action<KuaiRandEvent> add)
    {
        var user = row.Known("user_id", users, "the user features");
        var video = row.Known("video_id", videos, "the video features");
        var time = TimeMs(row, "time_ms");
        var played = row.Count("play_time_ms");
        var seconds = played / 1000.0;
        var tab = Tab(row);
        var request = row.Bit("is_rand") ? string.Create(CultureInfo.InvariantCulture, $"random-{time}-{user}") : null;
        // Read every flag before the first event, so that a malformed row leaves none.
        var (click, like, follow, hate, longView) =
            (row.Bit("is_click"), row.Bit("is_like"), row.Bit("is_follow"), row.Bit("is_hate"), row.Bit("long_view"));

        // Videos start by themselves: seconds played without a click belong to the impression and are no choice of the user's.
        Add(EventType.Impression, played > 0 && !click ? seconds : null);
        if (click) Add(EventType.Click);
        if (played > 0 && click) Add(EventType.View, seconds);
        if (longView) Add(EventType.LongView, seconds);
        if (like) Add(EventType.Like);
        if (follow) Add(EventType.Follow);
        if (hate) Add(EventType.Hide);

        void Add(EventType type, double? value = null) => add(new KuaiRandEvent(time, user, video, type, value, tab, request));
    }
}
