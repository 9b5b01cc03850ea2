using System.Diagnostics;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>
/// Imports KuaiRand-Pure (<see href="https://kuairand.com"/>): <c>user_features_pure.csv</c>, <c>video_features_basic_pure.csv</c>,
/// any number of <c>impressions_*.tsv</c> and, where present, <c>user_history_before_20220425.tsv</c>.
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
public sealed class KuaiRandImporter(IEventImport log, ImportPace pace, ImportOptions options)
{
    private const string UserFile = "user_features_pure.csv";
    private const string VideoFile = "video_features_basic_pure.csv";
    private const string ImpressionFiles = "impressions_*.tsv";
    private const string HistoryFile = "user_history_before_20220425.tsv";
    private const int ReportEvery = 20_000;

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public async Task<ImportReport> ImportAsync(string directory, IProgress<WorkProgress>? progress = null, CancellationToken ct = default)
    {
        ImportFiles.Require(directory, "KuaiRand-Pure", UserFile, VideoFile, ImpressionFiles);
        var started = Stopwatch.GetTimestamp();
        using var ledger = new ImportLedger("kuairand", options);
        using var staging = new ImportStaging(log, pace, options);

        var userTable = TableReader.Csv(Path.Combine(directory, UserFile), ledger, "user_id");
        var (users, profiles) = ReadFeatures(userTable, UserFile, ledger, KuaiRandFeatures.User, user => user.Id, progress, ct);
        var videoTable = TableReader.Csv(Path.Combine(directory, VideoFile), ledger, "video_id", "tag", "author_id");
        var (videos, items) = ReadFeatures(videoTable, VideoFile, ledger, KuaiRandFeatures.Video, video => video.Id, progress, ct);

        void Add(KuaiRandEvent e) => staging.Add(e.ToEvent());
        var lengths = new Dictionary<string, string>(StringComparer.Ordinal);
        var history = Path.Combine(directory, HistoryFile);
        if (File.Exists(history))
        {
            var table = TableReader.Tsv(history, ledger, "user_id", "last_time_ms", "watch_seq", "like_seq", "long_watch_seq");
            ReadRows(table, HistoryFile, ledger, row => KuaiRandHistory.Read(row, users, videos, Add, lengths), progress, ct);
        }
        foreach (var video in items) staging.Add(video);
        foreach (var profile in profiles) staging.Add(KuaiRandFeatures.WithHistoryLength(profile, lengths));
        foreach (var path in Directory.EnumerateFiles(directory, ImpressionFiles).Order(StringComparer.Ordinal))
        {
            var table = TableReader.Tsv(path, ledger, KuaiRandImpressions.Columns);
            ReadRows(table, Path.GetFileName(path), ledger, row => KuaiRandImpressions.Read(row, users, videos, Add), progress, ct);
        }

        await staging.StoreAsync(progress, ct);
        return staging.Report(ledger, Stopwatch.GetElapsedTime(started));
    }

    private static (HashSet<string> Ids, List<T> Records) ReadFeatures<T>(
        TableReader table, string file, ImportLedger ledger,
        Func<TableRow, T> parse, Func<T, string> idOf, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var records = new List<T>();
        ReadRows(table, file, ledger, row =>
        {
            var record = parse(row);
            if (!ids.Add(idOf(record))) throw new RowException("the id occurs twice");
            records.Add(record);
        }, progress, ct);
        return (ids, records);
    }

    private static void ReadRows(TableReader table, string file, ImportLedger ledger,
        Action<TableRow> read, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        using (table)
        {
            var rows = 0L;
            progress?.Report(new WorkProgress($"read {file}", 0, table.Length, "bytes"));
            while (table.TryRead(out var row))
            {
                if (++rows % ReportEvery == 0)
                {
                    ct.ThrowIfCancellationRequested();
                    progress?.Report(new WorkProgress($"read {file}", table.Position, table.Length, "bytes"));
                }
                try
                {
                    read(row);
                    ledger.Keep();
                }
                catch (RowException bad)
                {
                    ledger.Reject(row.Line, bad.Message, row.Raw);
                }
            }
            ledger.FinishFile();
            progress?.Report(new WorkProgress($"read {file}", table.Length ?? table.Position, table.Length, "bytes"));
        }
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
