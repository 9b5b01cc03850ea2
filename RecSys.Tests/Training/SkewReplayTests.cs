using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Storage;
using RecSys.Core.Training;
using RecSys.Tests.Features;

namespace RecSys.Tests.Training;

public sealed class SkewReplayTests
{
    // Events arrive in an order of their own, and the server is started anew in between: each start folds what is there by time, the rest as it comes.
    [Fact]
    public void Run_SeveralStartsAndLateEvents_ShowsTheStateThatAServerHad() =>
        Gen.Select(FeatureLogs.Any, Gen.Int, Gen.Double[0, 1].Array[1, 4]).Sample((sorted, seed, cuts) =>
        {
            var log = FeatureLogs.Log(sorted);
            long[] positions = [.. Enumerable.Range(0, sorted.Length).Select(i => 10L + 3 * i)];
            new Random(seed).Shuffle(positions);
            var logged = Enumerable.Range(0, sorted.Length).OrderBy(i => positions[i]).ToArray();
            var stops = cuts.Select((cut, at) => Stop(log, logged, positions, (int)(cut * sorted.Length), at)).ToList();
            var seen = new List<string>();

            SkewReplay.Run(new PositionedLog(new InteractionLogReading(log, 0, 0), positions, new Dictionary<string, long>()), stops, (stop, state) =>
            {
                seen.Add(stop.Request.RequestId);
                var live = Serve(log, logged, positions, stop);
                for (var item = 0; item < log.Items.Count; item++)
                {
                    Assert.Equal(live.Features.ItemStates.PositivesOf(item), state.ItemStates.PositivesOf(item));
                    Assert.Equal(live.Features.ItemStates.ImpressionsOf(item), state.ItemStates.ImpressionsOf(item));
                }
                for (var user = 0; user < log.Users.Count; user++)
                    Assert.Equal(live.FindUser(log.Users[user].Id)!.State.RecentItems.ToArray(), (state.FindUser(user) ?? new UserState()).RecentItems.ToArray());
                Assert.Equal(live.Features.Global.ClickRate, state.Global.ClickRate);
            });

            Assert.Equal(stops.Select(stop => stop.Request.RequestId).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        }, iter: 100);

    // The start holds the first `known` logged events, the request everything up to halfway behind them.
    private static SkewStop Stop(InteractionLog log, int[] logged, long[] positions, int known, int number)
    {
        var last = known + (logged.Length - known) / 2;
        return new SkewStop(
            new ServedFeatures
            {
                RequestId = $"r{number}",
                UserId = log.Users[0].Id,
                Time = DateTimeOffset.UnixEpoch,
                FeatureTime = DateTimeOffset.UnixEpoch,
                ModelVersion = "v",
                CatalogueHash = "h",
                Fold = new FoldMark(known == 0 ? 0 : positions[logged[known - 1]], null),
                Rows = [],
            },
            last == 0 ? 0 : positions[logged[last - 1]]);
    }

    private static LiveState Serve(InteractionLog log, int[] logged, long[] positions, SkewStop stop)
    {
        var events = log.Events.ToArray();
        var atStart = events.Where((_, i) => positions[i] <= stop.Request.Fold.LogPosition).ToArray();
        var live = new LiveState(new InteractionLog(log.Items, log.Users, atStart));
        foreach (var i in logged.Where(i => positions[i] > stop.Request.Fold.LogPosition && positions[i] <= stop.Position))
        {
            var e = events[i];
            live.Apply(new Event
            {
                Id = $"{i}",
                UserId = log.Users[e.User].Id,
                ItemId = log.Items[e.Item].Id,
                Type = e.Type,
                Time = DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs),
                Value = float.IsNaN(e.Value) ? null : e.Value,
                Position = e.Position < 0 ? null : e.Position,
            });
        }
        return live;
    }
}
