using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// Imports KuaiRand (<see href="https://kuairand.com"/>) as it is published, Pure, 1K or 27K: <c>user_features_*.csv</c>,
/// <c>video_features_basic_*.csv</c> and <c>log_*.csv</c>, in the directory given or in <c>data</c> below it; also logs as
/// <c>impressions_*.tsv</c> with, where present, <c>user_history_before_20220425.tsv</c>.
/// <list type="bullet">
/// <item>Each impression is an <see cref="EventType.Impression"/>. What came of it follows at the same time, later in order:
/// <see cref="EventType.Click"/>, <see cref="EventType.View"/> (seconds played, when clicked and played), <see cref="EventType.LongView"/>
/// (seconds played), <see cref="EventType.Like"/>, <see cref="EventType.Follow"/>, <see cref="EventType.Hide"/> (the data's "hate").</item>
/// <item>Videos start by themselves: seconds played without a click are the value of the impression, not a view.</item>
/// <item>Comments and forwards are left out: neither says whether the user liked the video, and there is no event type for them.</item>
/// <item>The tab of the app stands as location, as in <c>tab 1</c>; an impression of the random policy has a request id that begins with
/// <c>random-</c>.</item>
/// <item>A video has its first tag as category, its author as creator, and type, upload type, music type and orientation as
/// attributes.</item>
/// <item>A user has the features that are categories with few values; exact counts and features with hundreds of codes are left out.</item>
/// <item>A user has the length of the whole history, of which only the latest 50 entries are given, as the attribute
/// <c>history_length</c>.</item>
/// <item>A history gives an order but one time only, that of its last entry. See <see cref="KuaiRandHistory"/>.</item>
/// </list>
/// Event ids derive from time, user, video and type, so that a second import adds nothing and rows that occur twice count once.
/// </summary>
public sealed class KuaiRandImporter(ImportTarget target, ImportOptions options)
{
    private readonly ImportOptions options = MeaningFile.Complete(options);

    private const string UserFiles = "user_features_*.csv";
    private const string VideoFiles = "video_features_basic_*.csv";
    private const string HistoryFile = "user_history_before_20220425.tsv";

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public async Task<ImportReport> ImportAsync(string directory, IProgress<WorkProgress>? progress = null, CancellationToken ct = default)
    {
        directory = Folder(directory);
        using var ledger = new ImportLedger("kuairand", options);
        using var staging = new ImportStaging(target, options);

        var profiles = new List<User>();
        var users = ReadFeatures(directory, UserFiles, ledger, KuaiRandFeatures.User, user => user.Id, profiles.Add, progress, ct,
            "user_id");
        var videos = ReadFeatures(directory, VideoFiles, ledger, KuaiRandFeatures.Video, video => video.Id, staging.Add, progress, ct,
            "video_id", "tag", "author_id");

        void Add(KuaiRandEvent e) => staging.Add(e.ToEvent());
        var lengths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in ImportFiles.Matching(directory, HistoryFile))
        {
            var table = TableReader.Tsv(path, ledger, "user_id", "last_time_ms", "watch_seq", "like_seq", "long_watch_seq");
            TableLoop.Read(table, HistoryFile, ledger, row => KuaiRandHistory.Read(row, users, videos, Add, lengths), progress, ct);
        }
        foreach (var profile in profiles) staging.Add(KuaiRandFeatures.WithHistoryLength(profile, lengths));
        foreach (var path in KuaiRandImpressions.Files(directory))
        {
            TableLoop.Read(KuaiRandImpressions.Open(path, ledger), Path.GetFileName(path), ledger,
                row => KuaiRandImpressions.Read(row, users, videos, Add), progress, ct);
        }

        await staging.StoreAsync(progress, ct);
        return await staging.ReportAsync(ledger, ct);
    }

    // The published archives have their tables in a folder named data.
    internal static string Folder(string directory)
    {
        ImportFiles.RequireDirectory(directory, "KuaiRand");
        var inner = Path.Combine(directory, "data");
        var folder = !ImportFiles.Matching(directory, UserFiles).Any() && Directory.Exists(inner) ? inner : directory;
        ImportFiles.Require(folder, "KuaiRand", UserFiles, VideoFiles);
        if (!ImportFiles.Matching(folder, KuaiRandImpressions.LogFiles).Any())
            ImportFiles.Require(folder, $"KuaiRand ({KuaiRandImpressions.LogFiles} as published, or)", KuaiRandImpressions.ImpressionFiles);
        return folder;
    }

    private static HashSet<string> ReadFeatures<T>(
        string directory, string pattern, ImportLedger ledger, Func<TableRow, T> parse, Func<T, string> idOf, Action<T> take,
        IProgress<WorkProgress>? progress, CancellationToken ct, params string[] columns)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in ImportFiles.Matching(directory, pattern))
        {
            TableLoop.Read(TableReader.Csv(path, ledger, columns), Path.GetFileName(path), ledger, row =>
            {
                var record = parse(row);
                if (!ids.Add(idOf(record))) throw new RowException("the id occurs twice");
                take(record);
            }, progress, ct);
        }
        return ids;
    }
}

/// <summary>An event of the data set.</summary>
internal readonly record struct KuaiRandEvent(
    long TimeMs, string User, string Video, EventType Type, double? Seconds = null, string? Tab = null, string? RequestId = null)
{
    internal Event ToEvent() => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"kr-{TimeMs}-{User}-{Video}-{Type.ToName()}"),
        UserId = User,
        ItemId = Video,
        Type = Type,
        Time = DateTimeOffset.FromUnixTimeMilliseconds(TimeMs),
        Value = Seconds,
        Location = Tab,
        RequestId = RequestId,
    };
}
