using System.Globalization;
using System.Text;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Import;

/// <summary>
/// A folder in the published layout, of two policies whose every probability is known: <c>random</c> shows each item as often, <c>bts</c>
/// prefers items of high numbers, more so on the second day, and its propensities say so.
/// </summary>
internal static class OpenBanditFolder
{
    public const string RowHeader = ",timestamp,item_id,position,click,propensity_score,user_feature_0,user_feature_1,user_feature_2,"
        + "user_feature_3,user-item_affinity_0";

    public const string ItemHeader = ",item_id,item_feature_0,item_feature_1,item_feature_2,item_feature_3";

    /// <summary>Writes random and bts logs of the campaigns.</summary>
    /// <returns>Path of a policy's log.</returns>
    public static Func<string, string, string> Write(TemporaryFolder folder, int rows, params (string Name, int Items)[] campaigns)
    {
        foreach (var (campaign, items) in campaigns)
        {
            foreach (var policy in (string[])["random", "bts"])
            {
                var context = new StringBuilder($"{ItemHeader}\n");
                for (var item = 0; item < items; item++)
                    context.Append(CultureInfo.InvariantCulture, $"{item},{item},{item / 7.0 - 1},a{item % 3},b{item % 2},c\n");
                folder.Write($"{policy}/{campaign}/item_context.csv", context.ToString());
                folder.Write($"{policy}/{campaign}/{campaign}.csv", Log(policy, items, rows));
            }
        }
        return (policy, campaign) => folder[$"{policy}/{campaign}/{campaign}.csv"];
    }

    private static string Log(string policy, int items, int rows)
    {
        var random = new Random(policy == "bts" ? 1 : 2);
        var log = new StringBuilder($"{RowHeader}\n");
        for (var row = 0; row < rows; row++)
        {
            var (place, late) = (random.Next(3), row >= rows / 2);
            var weights = Enumerable.Range(0, items).Select(item => policy == "random" ? 1 : 1 + item * (late ? 2.0 : 1.0)).ToArray();
            var (sum, at, item) = (weights.Sum(), random.NextDouble(), 0);
            for (at *= sum; at >= weights[item]; item++) at -= weights[item];
            var click = random.NextDouble() < 0.02 + 0.2 * item / items / (1 + place) ? 1 : 0;
            var time = new DateTime(2019, 11, 24).AddSeconds(row * 17.25);
            log.Append(CultureInfo.InvariantCulture,
                $"{row},{time:yyyy-MM-dd HH:mm:ss.ffffff}+00:00,{item},{place + 1},{click},{weights[item] / sum:R},");
            log.Append(CultureInfo.InvariantCulture, $"u{row % 5},v{row % 3},w,x,0.0\n");
        }
        return log.ToString();
    }
}
