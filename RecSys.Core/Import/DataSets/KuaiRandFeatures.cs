using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.DataSets;

/// <summary>Rows of the feature files as users and items.</summary>
internal static class KuaiRandFeatures
{
    // Upload days are days in China.
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private static readonly string[] UserColumns =
    [
        "user_active_degree", "is_lowactive_period", "is_live_streamer", "is_video_author",
        "follow_user_num_range", "fans_user_num_range", "friend_user_num_range", "register_days_range",
        "onehot_feat0", "onehot_feat1", "onehot_feat2", "onehot_feat4", "onehot_feat5", "onehot_feat6", "onehot_feat9", "onehot_feat10",
        "onehot_feat11",
        "onehot_feat12", "onehot_feat13", "onehot_feat14", "onehot_feat15", "onehot_feat16", "onehot_feat17",
    ];

    internal static User User(TableRow row)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in UserColumns)
        {
            if (row.Text(column) is { } value) attributes[column] = Code(value);
        }
        var user = new User { Id = row.Required("user_id"), Attributes = attributes };
        return RecordRules.FindProblem(user) is { } problem ? throw new RowException(problem) : user;
    }

    /// <param name="user">A user from the feature file.</param>
    /// <param name="lengths">By user; empty when there was no history file, and then nothing is known.</param>
    internal static User WithHistoryLength(User user, Dictionary<string, string> lengths) => lengths.Count == 0
        ? user
        : user with { Attributes = new Dictionary<string, string>(user.Attributes,
            StringComparer.Ordinal) { ["history_length"] = lengths.GetValueOrDefault(user.Id, "0") } };

    internal static Item Video(TableRow row)
    {
        var id = row.Required("video_id");
        var tags = (row.Text("tag") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(tag => $"tag {Code(tag)}").ToArray();
        // Codes are texts even where they look like numbers.
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (var column in (ReadOnlySpan<string>)["video_type", "upload_type", "music_type"])
        {
            if (row.Text(column) is { } value) attributes[column] = Code(value);
        }
        if (row.Number("server_width") is { } width && row.Number("server_height") is { } height)
            attributes["orientation"] = width > height ? "landscape" : width < height ? "portrait" : "square";
        var item = new Item
        {
            Id = id,
            Title = $"Video {id}",
            Category = tags.FirstOrDefault("unknown"),
            Tags = tags.Length > 1 ? tags[1..] : [],
            Creator = row.Text("author_id"),
            DurationSeconds = row.Number("video_duration") / 1000,
            CreatedAt = row.Text("upload_dt") is { } day ? Day(day) : null,
            Attributes = attributes,
        };
        return RecordRules.FindProblem(item) is { } problem ? throw new RowException(problem) : item;
    }

    // Columns with gaps were written as floating-point numbers: 9.0 is the code 9.
    private static string Code(string value) => value.EndsWith(".0", StringComparison.Ordinal) ? value[..^2] : value;

    private static DateTimeOffset Day(string text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day, China).ToUniversalTime()
            : throw new RowException("upload_dt is not a date like 2022-04-10");
}
