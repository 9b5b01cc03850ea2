using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Behaviour;

/// <summary>
/// The truth of the world. A user looks at position p with probability 1 / (1 + 0.12 p); an item that is looked at is clicked with
/// probability sigmoid(base + 3.2 cosine of tastes + quality + readiness of the user + freshness + daily trend of the category + hour), and
/// the two are independent.
/// </summary>
internal sealed class ClickModel(WorldOptions options, WorldItems items, WorldUsers users)
{
    public const double Base = -3.05;
    public const double TasteWeight = 3.2;
    private readonly double[] trends = Trends(options);

    public static double Examination(int position) => 1 / (1 + 0.12 * Math.Max(0, position));

    /// <summary>Probability of a click given that the user looks at the item.</summary>
    public double Attraction(int user, int item, DateTimeOffset time)
    {
        var taste = 0.0;
        var u = users.Vector(user);
        var v = items.Vector(item);
        for (var i = 0; i < u.Length; i++) taste += u[i] * v[i];
        var odds = Base + TasteWeight * taste + items.Quality[item] + users.Readiness[user] + Freshness(item, time)
            + Trend(items.Categories[item], time) + Hour(time);
        return 1 / (1 + Math.Exp(-odds));
    }

    /// <summary>Most in the evening: 0.25 at 20 h, -0.25 at 8 h, UTC.</summary>
    public static double Hour(DateTimeOffset time) => 0.25 * Math.Cos((time.Hour + time.Minute / 60.0 - 20) * Math.Tau / 24);

    /// <summary>0.8 for a new item, gone after some weeks.</summary>
    public double Freshness(int item, DateTimeOffset time)
    {
        var age = (time - items.Items[item].CreatedAt!.Value).TotalDays;
        return 0.8 * Math.Exp(-Math.Max(0, age) / 10);
    }

    /// <summary>How much a category is in fashion on the day of <paramref name="time"/>, in log odds.</summary>
    public double Trend(int category, DateTimeOffset time)
    {
        var day = (int)Math.Floor((time - options.Start).TotalDays);
        var days = trends.Length / WorldCategory.All.Count;
        return trends[category * days + (day % days + days) % days];
    }

    // A walk that is drawn back to 0, so that a category is in fashion for some days and then no longer.
    private static double[] Trends(WorldOptions options)
    {
        var days = Math.Max(options.Days, 28);
        var random = new Random(options.Seed ^ 0x5EED);
        var strength = options.Behaviour?.Appeal.TrendStrength ?? 1;
        var values = new double[WorldCategory.All.Count * days];
        for (var c = 0; c < WorldCategory.All.Count; c++)
        {
            var level = 0.3 * Noise.Normal(random);
            for (var d = 0; d < days; d++)
            {
                values[c * days + d] = strength * level;
                level = 0.7 * level + 0.2 * Noise.Normal(random);
            }
        }
        return values;
    }
}
