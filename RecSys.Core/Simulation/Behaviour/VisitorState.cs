using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Behaviour;

/// <summary>What a user's past means for the next list. It changes between lists and never within one.</summary>
internal sealed class VisitorState
{
    /// <summary>Clicked items that are remembered.</summary>
    public const int Remembered = 32;
    private const double DayMs = 86_400_000;
    private const double BudgetDays = 30;
    private readonly int[] recentItems = new int[Remembered];
    private readonly long[] recentMs = new long[Remembered];
    private readonly double[] satiation = new double[WorldCategory.All.Count];
    private long satiationMs;
    private double budget;
    private long budgetMs;
    private int clicks;

    public VisitorState(double capacity, double budget, bool isBot, long startMs)
    {
        (Capacity, IsBot) = (capacity, isBot);
        (this.budget, budgetMs, satiationMs) = (budget, startMs, startMs);
    }

    /// <summary>What the user can have at most, and gets in 30 days.</summary>
    public double Capacity { get; }
    public bool IsBot { get; }

    /// <summary>Moving mean of the satisfaction of lists.</summary>
    public double Mood { get; set; }

    /// <summary>Lists without a click since the last click.</summary>
    public int EmptyLists { get; set; }

    /// <summary>True: never comes back.</summary>
    public bool Left { get; set; }
    public long SubscribedUntilMs { get; set; }

    /// <summary>Lists seen on the current day.</summary>
    public int ListsToday { get; set; }

    /// <summary>Items never to be shown again; null for none.</summary>
    public HashSet<int>? Hidden { get; private set; }

    /// <summary>The last clicked items, in no order.</summary>
    public ReadOnlySpan<int> RecentClicks => recentItems.AsSpan(0, Math.Min(clicks, Remembered));

    /// <summary>When each of <see cref="RecentClicks"/> was clicked, Unix milliseconds.</summary>
    public ReadOnlySpan<long> RecentClicksMs => recentMs.AsSpan(0, Math.Min(clicks, Remembered));

    /// <summary>What the user can spend; it refills evenly up to <see cref="Capacity"/>.</summary>
    public double BudgetAt(long ms) => Math.Min(Capacity, budget + Capacity / BudgetDays * Math.Max(0, ms - budgetMs) / DayMs);

    public void Spend(double amount, long ms) => (budget, budgetMs) = (BudgetAt(ms) - amount, ms);

    /// <summary>Remaining clicks by category, faded since they were made.</summary>
    public void SatiationAt(long ms, double halfLifeHours, Span<double> target)
    {
        var fade = double.Exp2(-Math.Max(0, ms - satiationMs) / (3_600_000 * halfLifeHours));
        for (var category = 0; category < satiation.Length; category++) target[category] = satiation[category] * fade;
    }

    public void Clicked(int item, int category, long ms, double halfLifeHours)
    {
        SatiationAt(ms, halfLifeHours, satiation);
        satiationMs = ms;
        satiation[category]++;
        recentItems[clicks % Remembered] = item;
        recentMs[clicks % Remembered] = ms;
        clicks++;
    }

    public void Hide(int item) => (Hidden ??= []).Add(item);

    /// <summary>All visitors on the first day; budgets start anywhere between empty and full.</summary>
    public static VisitorState[] CreateAll(WorldParts parts)
    {
        var (money, draws, startMs) = (parts.Behaviour.Money, parts.Draws, parts.Options.Start.ToUnixTimeMilliseconds());
        return [.. Enumerable.Range(0, parts.Users.Users.Length).Select(user =>
        {
            const double spread = 0.8;
            var capacity = money.MonthlyBudget * Math.Exp(spread * draws.Normal(user, 0, 0, Purpose.Budget) - spread * spread / 2);
            return new VisitorState(capacity, capacity * draws.Uniform(user, 0, 0, Purpose.FirstLevel),
                draws.Uniform(user, 0, 0, Purpose.Bot) < parts.Behaviour.BotShare, startMs);
        })];
    }
}
