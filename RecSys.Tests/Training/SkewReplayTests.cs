using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training;
using RecSys.Tests.Features;

namespace RecSys.Tests.Training;

public sealed class SkewReplayTests
{
    // Events arrive in an order of their own and leave gaps for other entries; each stop must hold exactly the events up to its position, in that order.
    [Fact]
    public void Run_LateEventsAndStopsInAnyOrder_ShowsTheFoldUpToEachPosition() =>
        Gen.Select(FeatureLogs.Any, Gen.Int, Gen.Double[0, 1].Array[1, 4]).Sample((sorted, seed, cuts) =>
        {
            new Random(seed).Shuffle(sorted);
            var log = new InteractionLog(FeatureLogs.Items, FeatureLogs.Users, sorted, [.. Enumerable.Range(0, sorted.Length).Select(i => 10L + 3 * i)]);
            var stops = cuts.Select(cut => (long)(cut * (10 + 3 * sorted.Length))).ToList();
            var seen = new List<long>();

            SkewReplay.Run(log, stops.Select(position => (position, position)), (position, state) =>
            {
                seen.Add(position);
                var expected = new FeatureState(log.Items);
                for (var i = 0; i < sorted.Length && 10 + 3 * i <= position; i++) expected.Apply(in sorted[i]);
                for (var item = 0; item < log.Items.Count; item++)
                {
                    Assert.Equal(expected.ItemStates.PositivesOf(item), state.ItemStates.PositivesOf(item));
                    Assert.Equal(expected.ItemStates.ImpressionsOf(item), state.ItemStates.ImpressionsOf(item));
                }
                for (var user = 0; user < log.Users.Count; user++)
                    Assert.Equal((expected.FindUser(user) ?? new UserState()).RecentItems.ToArray(), (state.FindUser(user) ?? new UserState()).RecentItems.ToArray());
                Assert.Equal(expected.Global.ClickRate, state.Global.ClickRate);
            });

            Assert.Equal(stops.Order(), seen);
        }, iter: 100);
}
