using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class ItemStateTableTests
{
    [Fact]
    public async Task Read_BesideTheFold_SeesWholeEventsOnly()
    {
        var state = new FeatureState(FeatureLogs.Items);
        using var done = new CancellationTokenSource();
        // Each event adds one to all of these, or to none.
        var reader = Task.Run(() =>
        {
            var (rounds, last) = (0, 0f);
            do
            {
                state.ItemStates.Read(1, out var item);
                Assert.Equal((item.Views, item.Views, item.Views), (item.Positives.All, item.Plays, item.WatchCount));
                Assert.Equal(2 * item.Views, item.Sequence);
                Assert.True(item.Views >= last);
                var cell = RateCell.Copy(in state.Global.Category(FeatureLogs.Facts[1].Category));
                Assert.True(cell.Positives >= cell.PositivesWeek - 1e-3f * cell.Positives);
                (rounds, last) = (rounds + 1, item.Views);
            }
            while (!done.IsCancellationRequested);
            return rounds;
        }, TestContext.Current.CancellationToken);
        var freezes = 0;
        for (var i = 0; i < 300_000; i++)
        {
            // Pages that are copied under the readers' eyes, too.
            if (i % 5000 == 0) state.BeginSnapshot(i).Dispose();
            using var snapshot = i % 5000 == 2500 ? state.BeginSnapshot(i) : null;
            if (snapshot is not null) freezes++;
            var e = new LogEvent(FeatureLogs.Start + i * 10L, 0, 1, EventType.View, 5);
            state.ApplyShared(in e, new Contribution(PlayKind.Began));
        }
        await done.CancelAsync();

        Assert.True(await reader > 0);
        Assert.Equal(60, freezes);
        Assert.Equal(300_000, state.ItemStates.PositivesOf(1));
    }
}
