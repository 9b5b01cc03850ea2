using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// Counters of all items by ordinal; 256 items at a time take memory when the first of them gets an event. One writer; readers run beside it without a
/// lock. A reader may then see an item with an event half counted, which moves a rate by less than one event and is gone at the next read.
/// </summary>
public sealed class ItemStateTable
{
    private readonly ChunkedTable<ItemState> table = new();
    private readonly GlobalState global;
    private readonly ItemColumns columns;

    internal ItemStateTable(GlobalState global, ItemColumns columns) => (this.global, this.columns) = (global, columns);

    internal ref readonly ItemState Read(int item) => ref table.Read(item);

    /// <summary>Number of positive events of the item so far.</summary>
    public int PositivesOf(int item) => (int)Read(item).Positives.All;

    /// <summary>Number of impressions of the item so far.</summary>
    public int ImpressionsOf(int item) => (int)Read(item).Impressions.All;

    /// <summary>Takes in one event as one of an average user.</summary>
    public void Apply(in LogEvent e) => Apply(in e, in Lifts.None, PlayKind.None);

    /// <summary>Takes in one event; a negative ordinal is ignored. Late events count with the weight they would have by now.</summary>
    /// <param name="e">The event.</param>
    /// <param name="user">How much more than an average user this one clicks and watches for long.</param>
    /// <param name="play">What the event says about plays of this user.</param>
    internal void Apply(in LogEvent e, in Lifts user, PlayKind play)
    {
        if (e.Item < 0) return;
        ref var state = ref table.Write(e.Item);
        var kind = new EventKind(e.Type);
        var weights = DecayFactors.None;
        if (e.TimeMs >= state.ClockMs) state.Advance(e.TimeMs);
        else weights = DecayFactors.After(state.ClockMs - e.TimeMs);
        if (state.FirstMs == 0 || e.TimeMs < state.FirstMs) state.FirstMs = e.TimeMs;

        if (kind.Impression)
        {
            state.Impressions.Add(in weights);
            state.LastImpressionMs = Math.Max(state.LastImpressionMs, e.TimeMs);
            state.ExpectedClicks += Smooth.Lifted(global.ExpectedClicks(e.Location, e.Position), user.Clicks);
            if (state.PlaceSlot(e.Location) is >= 0 and var place) state.PlaceImpressions[place]++;
            if (e.Position >= 0) (state.Positions, state.PositionCount) = (state.Positions + e.Position, state.PositionCount + 1);
        }
        if (kind.Click)
        {
            state.Clicks.Add(in weights);
            if (state.FindPlace(e.Location) is >= 0 and var place) state.PlaceClicks[place]++;
        }
        if (kind.Positive)
        {
            state.Positives.Add(in weights);
            state.LastPositiveMs = Math.Max(state.LastPositiveMs, e.TimeMs);
            global.MovePopularity((int)state.Positives.All - 1);
        }
        ref readonly var facts = ref columns[e.Item];
        if ((play & PlayKind.Began) != 0)
        {
            state.Plays++;
            state.ExpectedLongViews += global.ExpectedLongViews(facts.LogDuration, user.LongViews);
        }
        if ((play & PlayKind.WasLong) != 0) state.LongPlays++;
        CountRest(ref state, in e, facts.DurationSeconds);
    }

    private static void CountRest(ref ItemState state, in LogEvent e, float durationSeconds)
    {
        var known = float.IsFinite(e.Value);
        switch (e.Type)
        {
            case EventType.View:
                state.Views++;
                break;
            case EventType.LongView:
                state.LongViews++;
                break;
            case EventType.Like or EventType.Follow:
                state.Likes++;
                break;
            case EventType.AddToCart or EventType.Purchase:
                state.Conversions++;
                if (known && e.Type == EventType.Purchase) state.Revenue += e.Value;
                break;
            case EventType.Dislike or EventType.Hide:
                state.Rejections++;
                break;
            case EventType.Rating when known:
                (state.RatingSum, state.RatingCount) = (state.RatingSum + e.Value, state.RatingCount + 1);
                break;
        }
        if (!known || e.Type is not (EventType.View or EventType.LongView)) return;
        (state.WatchSeconds, state.WatchCount) = (state.WatchSeconds + e.Value, state.WatchCount + 1);
        if (durationSeconds > 0)
            (state.WatchRatio, state.WatchRatioCount) = (state.WatchRatio + Math.Min(e.Value / durationSeconds, 3), state.WatchRatioCount + 1);
    }
}
