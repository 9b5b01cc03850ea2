using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>
/// Parts of the test rows that a model may be worse on unnoticed: users without an event before the test part and items without one before
/// the validation part, and the others; devices; the largest categories. Parts with few rows of either kind are left out.
/// </summary>
internal static class TestSegments
{
    private const int LeastRows = 200;
    private const int LeastOfEachKind = 20;
    private const int MostCategories = 5;

    /// <summary>Name and rows of each segment.</summary>
    public static IReadOnlyList<(string Name, int[] Rows)> Of(ImpressionSet shown, SplitFile split, LogPast past)
    {
        var (users, items) = Known(shown.Log, split, past);
        var devices = ContextCodes.DeviceNames.Split(", ");
        var segments = new List<(string Name, int[] Rows)>
        {
            ("users=new", Where(shown, row => !users[shown.Users[row]])),
            ("users=known", Where(shown, row => users[shown.Users[row]])),
            ("items=new", Where(shown, row => !items[shown[row].Item])),
            ("items=known", Where(shown, row => items[shown[row].Item])),
        };
        for (var code = 1; code <= devices.Length; code++)
        {
            var device = code;
            segments.Add(($"device={devices[code - 1]}", Where(shown, row => shown[row].Device == device)));
        }
        segments.AddRange(Enumerable.Range(0, shown.Count).GroupBy(row => shown.Log.Items[shown[row].Item].Category)
            .Where(category => category.Key.Length > 0).OrderByDescending(category => category.Count())
            .ThenBy(category => category.Key, StringComparer.Ordinal).Take(MostCategories)
            .Select(category => ($"category={category.Key}", category.ToArray())));
        return [.. segments.Where(segment => IsLarge(segment.Rows, shown.Clicked) && segment.Rows.Length < shown.Count)];
    }

    private static (bool[] Users, bool[] Items) Known(InteractionLog log, SplitFile split, LogPast past)
    {
        var (users, items) = (new bool[log.Users.Count], new bool[log.Items.Count]);
        for (var user = 0; user < users.Length; user++) users[user] = past.KnowsUser(user);
        for (var item = 0; item < items.Length; item++) items[item] = past.KnowsItem(item);
        foreach (ref readonly var e in log.Events)
        {
            if (e.User >= 0 && e.TimeMs < split.ValidateUntilMs) users[e.User] = true;
            if (e.Item >= 0 && e.TimeMs < split.TrainUntilMs) items[e.Item] = true;
        }
        return (users, items);
    }

    private static int[] Where(ImpressionSet shown, Func<int, bool> wanted) => [.. Enumerable.Range(0, shown.Count).Where(wanted)];

    private static bool IsLarge(int[] rows, bool[] clicked)
    {
        var clicks = rows.Count(row => clicked[row]);
        return rows.Length >= LeastRows && clicks >= LeastOfEachKind && rows.Length - clicks >= LeastOfEachKind;
    }
}
