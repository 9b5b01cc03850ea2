using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Behaviour;

/// <summary>
/// A user about to look at a list: the past is settled, so what each item will do is known exactly, alone and for every position. All
/// probabilities of a living world come from here, for what happens as for what is known of it.
/// </summary>
internal sealed class ListMoment(WorldParts parts)
{
    private const long HourMs = 3_600_000;
    private readonly WorldItems items = parts.Items;
    private readonly ItemTruths truths = parts.Truths;
    private readonly BehaviourOptions behaviour = parts.Behaviour;
    private readonly float[] itemOdds = new float[parts.Items.Items.Length];
    private readonly float[] repeat = new float[parts.Items.Items.Length];
    private readonly double[] satiation = new double[WorldCategory.All.Count];
    private readonly List<int> servable = [];
    private readonly List<int> touched = new(VisitorState.Remembered);
    private long hour = long.MinValue;
    private Vector256<float> taste;
    private double userOdds;
    private double budget;
    private double leaveFactor;

    public int User { get; private set; }
    public VisitorState State { get; private set; } = null!;
    public long TimeMs { get; private set; }

    /// <summary>Items that exist in this hour and may be shown, ascending.</summary>
    public ReadOnlySpan<int> Servable => CollectionsMarshal.AsSpan(servable);

    public void Begin(int user, VisitorState state, long timeMs)
    {
        (User, State, TimeMs) = (user, state, timeMs);
        if (timeMs / HourMs != hour) BeginHour(timeMs / HourMs);
        taste = Vector256.Create<float>(parts.Users.Vector(user));
        userOdds = ClickModel.Base + parts.Users.Readiness[user] + ClickModel.Hour(DateTimeOffset.FromUnixTimeMilliseconds(hour * HourMs))
            - behaviour.Appeal.BoredomPerEmptyList * Math.Min(5, state.EmptyLists);
        budget = state.BudgetAt(timeMs);
        leaveFactor = Math.Exp(-behaviour.Returns.LeaveProtection * state.Mood);
        state.SatiationAt(timeMs, behaviour.Appeal.SatiationHalfLifeHours, satiation);
        for (var c = 0; c < satiation.Length; c++) satiation[c] *= behaviour.Appeal.SatiationPerClick;
        Remember();
    }

    /// <summary>Log odds of a click on the item when it is looked at; minus infinity for one that is not servable.</summary>
    public double Odds(int item) =>
        userOdds + ClickModel.TasteWeight * Taste(item) + itemOdds[item] - satiation[items.Categories[item]] - repeat[item];

    /// <summary>Probability of a click on the item when it is looked at.</summary>
    public double Attraction(int item) => 1 / (1 + Math.Exp(-Odds(item)));

    /// <summary>What the user has from the item when it was clicked, from -1 to 1.</summary>
    public double Satisfaction(int item)
    {
        var options = behaviour.Satisfaction;
        return Math.Tanh((options.Base + options.TasteWeight * Taste(item) + truths.Worth[item] - satiation[items.Categories[item]]
            - repeat[item]) / 2);
    }

    /// <summary>What an advertiser pays for a click; 0 for none.</summary>
    public double AdAmount(int item) => truths.AdAmount[item];

    /// <summary>What a subscription brings.</summary>
    public double SubscriptionPrice => behaviour.Money.SubscriptionPrice;

    /// <summary>Probability that a click leads to a purchase, if it is the list's first; 0 for what is not for sale or too dear.</summary>
    public double Buying(int item, double satisfaction) =>
        items.Items[item].Price is { } price && price <= budget
            ? Math.Min(0.9, behaviour.Money.BuyRate * (1 + satisfaction) * truths.PricePull[item]) : 0;

    /// <summary>What a purchase brings.</summary>
    public double SaleRevenue(int item) => truths.SaleRevenue[item];

    /// <summary>Probability that a click leads to a subscription, if it is the list's first; 0 for subscribers.</summary>
    public double Subscribing(double satisfaction) =>
        State.SubscribedUntilMs > TimeMs ? 0
        : Math.Min(1, behaviour.Money.SubscribeRate * Math.Max(0, satisfaction) * Math.Max(0, State.Mood));

    /// <summary>Probability that a click with this satisfaction is the user's last.</summary>
    public double Leaving(double satisfaction) =>
        Math.Min(1, behaviour.Returns.LeaveDisappointed * Math.Max(0, -satisfaction) * leaveFactor);

    /// <summary>Probability that the user leaves for good after a list without a click.</summary>
    public double LeavingEmptyList => Math.Min(1, behaviour.Returns.LeaveEmptyList * leaveFactor);

    private double Taste(int item) => Vector256.Dot(Vector256.Create<float>(items.Vector(item)), taste);

    // Freshness and fashion are those of the hour's begin, so that they need not be computed for each list.
    private void BeginHour(long begun)
    {
        hour = begun;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(begun * HourMs);
        servable.Clear();
        for (var i = 0; i < itemOdds.Length; i++)
        {
            var here = items.Items[i] is { Available: true, Flagged: false } item && item.CreatedAt <= time
                && truths.VanishesMs[i] > begun * HourMs;
            if (here) servable.Add(i);
            itemOdds[i] = !here ? float.NegativeInfinity : (float)(items.Quality[i] + truths.Lure[i] + parts.Clicks.Freshness(i, time)
                + parts.Clicks.Trend(items.Categories[i], time));
        }
    }

    private void Remember()
    {
        foreach (var item in touched) repeat[item] = 0;
        touched.Clear();
        var clicked = State.RecentClicks;
        var times = State.RecentClicksMs;
        for (var i = 0; i < clicked.Length; i++)
        {
            var faded = (float)(behaviour.Appeal.RepeatPenalty
                * double.Exp2(-Math.Max(0, TimeMs - times[i]) / (HourMs * behaviour.Appeal.RepeatHalfLifeHours)));
            repeat[clicked[i]] = Math.Max(repeat[clicked[i]], faded);
            touched.Add(clicked[i]);
        }
    }
}
