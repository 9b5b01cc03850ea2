using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// One row of the history: the last 50 videos a user watched, liked and watched for long, each list oldest first, and the time
/// of the last entry. The lists are laid on one time line. The watched videos stand one minute apart, the last at the given
/// time. A like or long view gets the time of the watch it belongs to: both lists are matched from their ends. What is older than the
/// watched videos, where the match ends, stands one minute apart before them.
/// </summary>
internal static class KuaiRandHistory
{
    private const long StepMs = 60_000;

    internal static void Read(TableRow row,
        HashSet<string> users, HashSet<string> videos, Action<KuaiRandEvent> add, Dictionary<string, string> lengths)
    {
        var user = row.Known("user_id", users, "the user features");
        var last = KuaiRandImpressions.TimeMs(row, "last_time_ms");
        var watched = Sequence(row, "watch_seq", videos);
        var longWatched = Sequence(row, "long_watch_seq", videos);
        var liked = Sequence(row, "like_seq", videos);
        if (watched.Count == 0) throw new RowException("watch_seq is empty");

        lengths[user] = Math.Max(watched.Count, row.Number("history_len") ?? 0).ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < watched.Count; i++) Add(i, watched[i], EventType.View);
        Lay(longWatched, EventType.LongView);
        Lay(liked, EventType.Like);

        void Lay(List<string> sequence, EventType type)
        {
            var slots = Match(watched, sequence);
            for (var i = 0; i < sequence.Count; i++) Add(slots[i], sequence[i], type);
        }

        void Add(int slot, string video, EventType type) =>
            add(new KuaiRandEvent(last - (watched.Count - 1 - slot) * StepMs, user, video, type));
    }

    /// <summary>
    /// The slot on the time line of each entry of <paramref name="sequence"/>: an index into <paramref name="watched"/>, or below 0 when
    /// older.
    /// </summary>
    internal static int[] Match(List<string> watched, List<string> sequence)
    {
        var slots = new int[sequence.Count];
        var slot = watched.Count;
        for (var i = sequence.Count - 1; i >= 0; i--)
        {
            var found = slot > 0 ? watched.LastIndexOf(sequence[i], slot - 1) : -1;
            slot = found >= 0 ? found : Math.Min(slot, 0) - 1;
            slots[i] = slot;
        }
        return slots;
    }

    private static List<string> Sequence(TableRow row, string name, HashSet<string> videos)
    {
        var sequence = new List<string>();
        foreach (var id in (row.Text(name) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            sequence.Add(videos.TryGetValue(id, out var video)
                ? video : throw new RowException($"{name} has a video that is not in the video features"));
        return sequence;
    }
}
