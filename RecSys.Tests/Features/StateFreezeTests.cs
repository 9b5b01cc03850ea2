using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class StateFreezeTests
{
    [Fact]
    public void Run_FrozenWhole_IsTheStateOfTheMoment() => Gen.Select(FeatureLogs.Any, Gen.Int[0, 59]).Sample((events, pick) =>
    {
        var moment = events[pick % events.Length].TimeMs;
        var before = FeatureLogs.Fold(events.Where(e => e.TimeMs < moment));

        Each(events, new StateFreeze(moment, Items: true), (e, state) =>
            Assert.Equal(FeatureLogs.Row(before, e), FeatureLogs.Row(state, e)));
    }, iter: 100);

    [Fact]
    public void Run_UsersFrozen_KeepsUsersAndLetsItemsGoOn()
    {
        // A user's second click is not known to the user; the item it was on has it.
        LogEvent[] events = [Click(1, 0), Click(2, 1), Click(3, 2)];
        var seen = new List<(int Recent, float Item)>();

        Each(events, new StateFreeze(FeatureLogs.Start + 2, Items: false), (_, state) =>
            seen.Add((state.FindUser(0)?.RecentItems.Length ?? 0, state.ItemStates.Peek(1).Clicks.All)));

        Assert.Equal([(0, 0f), (1, 0f), (1, 1f)], seen);

        static LogEvent Click(int at, int item) => new(FeatureLogs.Start + at, 0, item, EventType.Click);
    }

    private static void Each(LogEvent[] events, StateFreeze freeze, Action<LogEvent, FeatureState> look) => Replay.Run(
        FeatureLogs.Log(events), new FeatureState(FeatureLogs.Items), e => e.TimeMs >= freeze.FromMs || !freeze.Items,
        (at, state) => look(events[at], state), freeze, TestContext.Current.CancellationToken);
}
