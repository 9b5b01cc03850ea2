using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation;

/// <summary>
/// A seeded world that runs day by day with a policy in the loop: what users are shown changes what they want, spend and whether they come
/// back, and everything about it is known. Equal options and policies give equal days. Formulas: docs/simulation.md.
/// </summary>
public sealed class LivingWorld
{
    // Keys of a user's lists; far more than anybody sees in a day.
    private const int ListsPerDay = 1 << 16;
    private readonly WorldParts parts;
    private readonly VisitorState[] states;
    private readonly ServingRequest request;
    private readonly ServingRequest question;
    private readonly ListResponse response;
    private readonly SimulatedEvents events;

    private LivingWorld(WorldOptions options)
    {
        parts = new WorldParts(options);
        states = VisitorState.CreateAll(parts);
        request = new ServingRequest(parts);
        question = new ServingRequest(parts);
        response = new ListResponse(parts);
        events = new SimulatedEvents(parts);
    }

    public WorldOptions Options => parts.Options;

    /// <summary>By number. Their creation times say when they arrive.</summary>
    public IReadOnlyList<Item> Items => parts.Items.Items;

    /// <summary>By number.</summary>
    public IReadOnlyList<User> Users => parts.Users.Users;

    /// <summary>The next day to run, from 0.</summary>
    public int Day { get; private set; }

    /// <exception cref="RecSysException">
    /// The options have no behaviour, or ask for a world without items, users or days.
    /// </exception>
    public static LivingWorld Create(WorldOptions options)
    {
        options.Require();
        if (options.Behaviour is null)
            throw new RecSysException($"A living world needs a behaviour; take a preset: {string.Join(", ", WorldOptions.LivingPresets)}.");
        return new LivingWorld(options);
    }

    /// <summary>True for a program among the users, which only the truth knows.</summary>
    public bool IsBot(int user) => states[user].IsBot;

    /// <summary>True for a user who never comes back.</summary>
    public bool HasLeft(int user) => states[user].Left;

    /// <summary>When the item vanishes; null for one that stays.</summary>
    public DateTimeOffset? VanishesAt(int item) =>
        parts.Truths.VanishesMs[item] is < long.MaxValue and var ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>Number of an item, or -1.</summary>
    public int NumberOf(string itemId) => parts.Ids.GetValueOrDefault(itemId, -1);

    /// <summary>
    /// Runs the next day. Nothing happens between days, so the caller may change the policy, train one or keep the world's log there.
    /// </summary>
    /// <param name="policy">Makes every list of the day and is told what came of it.</param>
    /// <param name="onList">Called with every list after it was shown.</param>
    /// <param name="cancellationToken">Stops between two lists; the world is of no use then.</param>
    /// <exception cref="RecSysException">All days have been run, or the policy shows what is no item of this world.</exception>
    public async Task<DayTotals> RunDayAsync(
        IServingPolicy policy, Action<ShownList>? onList = null, CancellationToken cancellationToken = default)
    {
        if (Day == Options.Days) throw new RecSysException($"All {Options.Days} days of this world have been run; create one with more.");
        foreach (var state in states) state.ListsToday = 0;
        var counter = new DayCounter(parts, Day);
        var plan = new VisitPlan(parts, states, Day);
        while (plan.TryNext(out var visit, out var ms))
        {
            var state = states[visit.User];
            if (state.Left) continue;
            cancellationToken.ThrowIfCancellationRequested();
            var turn = Day * ListsPerDay + state.ListsToday++;
            request.Begin(visit.User, state, ms, turn);
            var list = await ServeAsync(policy, request, turn, visit.Session, cancellationToken);
            var outcome = response.Realise(request.Moment, list, turn);
            counter.Count(list, outcome, state, visit);
            await policy.ReportAsync(list, cancellationToken);
            onList?.Invoke(list);
            if (!state.Left && GoesOn(state, visit, turn, outcome)) plan.Continue(visit, ms, turn);
        }
        Day++;
        return counter.Totals;
    }

    /// <summary>A list as an app reports it, in time order.</summary>
    public IReadOnlyList<Event> EventsOf(ShownList list) => events.Of(list, states[list.User].IsBot);

    /// <summary>What a policy would show now; nothing happens.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="user">Number of the user.</param>
    /// <param name="time">When the list is shown.</param>
    /// <param name="cancellationToken">Handed to the policy.</param>
    public Task<ShownList> AskAsync(
        IServingPolicy policy, int user, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        ServeAsync(policy, Question(user, time), -1, -1, cancellationToken).AsTask();

    /// <summary>The exact expectation of what a list brings about, for a user as of now.</summary>
    /// <param name="user">Number of the user.</param>
    /// <param name="time">When the list is shown.</param>
    /// <param name="items">Numbers of its items by position.</param>
    public ListValue ValueOf(int user, DateTimeOffset time, ReadOnlySpan<int> items) =>
        ListValuation.Of(parts, Question(user, time).Moment, items);

    /// <summary>The items of the best list for an objective, for a user as of now; see <see cref="BestList"/>.</summary>
    public int[] BestFor(int user, DateTimeOffset time, Objective objective)
    {
        var asked = Question(user, time);
        var top = new TopItems(Options.ListLength);
        BestList.Find(asked.Moment, asked.Candidates, objective, top);
        return top.Items.ToArray();
    }

    /// <summary>What the user can spend.</summary>
    internal double BudgetOf(int user, DateTimeOffset time) => states[user].BudgetAt(time.ToUnixTimeMilliseconds());

    private ServingRequest Question(int user, DateTimeOffset time)
    {
        question.Begin(user, states[user], time.ToUnixTimeMilliseconds(), turn: -1);
        return question;
    }

    private async ValueTask<ShownList> ServeAsync(
        IServingPolicy policy, ServingRequest asked, int turn, int session, CancellationToken cancellationToken)
    {
        var user = asked.UserNumber;
        var list = new ShownList(
            string.Create(CultureInfo.InvariantCulture, $"w{user}-{turn}"),
            string.Create(CultureInfo.InvariantCulture, $"s{user}-{Day}-{session}"), user, asked.Time, Options.ListLength)
        {
            Device = parts.Draws.Uniform(user, Day, session, Purpose.Device) < 0.85 ? parts.Users.MainDevice[user] : "mobile",
        };
        await policy.ServeAsync(asked, list, cancellationToken);
        foreach (var slot in list.Slots)
        {
            if ((uint)slot.Item >= (uint)Items.Count)
                throw new RecSysException($"The policy {policy.Name} shows item {slot.Item}; this world has items 0 to {Items.Count - 1}.");
        }
        return list;
    }

    private bool GoesOn(VisitorState state, Visit visit, int turn, ListOutcome outcome)
    {
        var returns = parts.Behaviour.Returns;
        if (visit.Page + 1 >= returns.MostPages) return false;
        return state.IsBot || parts.Draws.Uniform(visit.User, turn, -1, Purpose.NextPage)
            < (outcome.Clicks > 0 ? returns.NextPage : returns.NextPageWithoutClick);
    }
}
