using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Behaviour;

/// <summary>
/// What happens with a list. Clicks are independent given the past, of several purchases only the first happens, and the past is brought
/// up to date after the last place.
/// </summary>
internal sealed class ListResponse(WorldParts parts)
{
    private const double BotClicks = 0.6;
    private readonly SatisfactionOptions satisfaction = parts.Behaviour.Satisfaction;

    /// <summary>Draws what the reader does, writes it into the list and into the reader's state.</summary>
    /// <param name="moment">Of the reader, begun for this list.</param>
    /// <param name="list">The list; its actions are filled.</param>
    /// <param name="turn">Which of the reader's lists: the key of all luck.</param>
    public ListOutcome Realise(ListMoment moment, ShownList list, int turn)
    {
        if (moment.State.IsBot) return RealiseBot(moment, list, turn);
        var (user, state, draws) = (moment.User, moment.State, parts.Draws);
        var (total, clicks, leaves, sold, subscribed) = (0.0, 0, false, false, false);
        var places = list.Places;
        for (var position = 0; position < places.Length; position++)
        {
            ref var slot = ref places[position];
            var item = slot.Item;
            if (draws.Uniform(user, turn, item, Purpose.Click) >= ClickModel.Examination(position) * moment.Attraction(item))
            {
                if (draws.Uniform(user, turn, item, Purpose.Hide) < satisfaction.HideUnclicked) slot.Actions |= ListActions.Hide;
                continue;
            }
            var had = moment.Satisfaction(item);
            (total, clicks) = (total + had, clicks + 1);
            slot.Actions |= ListActions.Click | Opinion(user, turn, item, had);
            if (parts.Items.Items[item].DurationSeconds is not null)
                slot.WatchedShare = Math.Clamp(0.5 + 0.5 * had + 0.15 * draws.Normal(user, turn, item, Purpose.Watch), 0.02, 1);
            var wish = draws.Uniform(user, turn, item, Purpose.Buy);
            var buying = moment.Buying(item, had);
            // Three carts are filled for each that is paid.
            if (wish < 3 * buying) slot.Actions |= ListActions.AddToCart;
            if (wish < buying && !sold) (sold, slot.Actions) = (true, slot.Actions | ListActions.Purchase);
            if (!subscribed && draws.Uniform(user, turn, item, Purpose.Subscribe) < moment.Subscribing(had))
                (subscribed, slot.Actions) = (true, slot.Actions | ListActions.Subscribe);
            leaves |= draws.Uniform(user, turn, item, Purpose.Leave) < moment.Leaving(had);
        }
        if (clicks == 0) leaves = draws.Uniform(user, turn, -1, Purpose.Leave) < moment.LeavingEmptyList;
        Remember(state, list, moment.TimeMs, clicks > 0 ? total : -parts.Behaviour.Returns.EmptyListCost);
        state.EmptyLists = clicks > 0 ? 0 : state.EmptyLists + 1;
        state.Left |= leaves;
        return new ListOutcome(clicks, total, leaves);
    }

    private ListActions Opinion(int user, int turn, int item, double had)
    {
        var actions = ListActions.None;
        if (parts.Draws.Uniform(user, turn, item, Purpose.Like) < 0.3 * had) actions |= ListActions.Like;
        if (parts.Draws.Uniform(user, turn, item, Purpose.Dislike) < -0.1 * had) actions |= ListActions.Dislike;
        if (parts.Draws.Uniform(user, turn, item, Purpose.Hide) < -satisfaction.HideDisappointed * had) actions |= ListActions.Hide;
        return actions;
    }

    private void Remember(VisitorState state, ShownList list, long timeMs, double total)
    {
        var rate = parts.Behaviour.Returns.MoodRate;
        state.Mood = (1 - rate) * state.Mood + rate * total;
        foreach (ref readonly var slot in list.Places)
        {
            if (slot.IsClicked)
                state.Clicked(slot.Item, parts.Items.Categories[slot.Item], timeMs, parts.Behaviour.Appeal.SatiationHalfLifeHours);
            if (slot.Actions.HasFlag(ListActions.Hide)) state.Hide(slot.Item);
            if (slot.Actions.HasFlag(ListActions.Purchase)) state.Spend(parts.Items.Items[slot.Item].Price!.Value, timeMs);
            if (slot.Actions.HasFlag(ListActions.Subscribe))
                state.SubscribedUntilMs = DateTimeOffset.FromUnixTimeMilliseconds(timeMs).AddDays(30).ToUnixTimeMilliseconds();
        }
    }

    // A program looks at everything and likes nothing.
    private ListOutcome RealiseBot(ListMoment moment, ShownList list, int turn)
    {
        var clicks = 0;
        foreach (ref var slot in list.Places)
        {
            if (parts.Draws.Uniform(moment.User, turn, slot.Item, Purpose.Click) >= BotClicks) continue;
            slot.Actions = ListActions.Click;
            if (parts.Items.Items[slot.Item].DurationSeconds is not null) slot.WatchedShare = 0.02;
            clicks++;
        }
        return new ListOutcome(clicks, 0, Leaves: false);
    }
}
