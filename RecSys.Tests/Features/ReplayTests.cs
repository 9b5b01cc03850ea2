using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class ReplayTests
{
    [Fact]
    public void Run_AnyLog_EqualsFreshFoldOfThePrefix() => FeatureLogs.Any.Sample(events =>
    {
        var embeddings = new FeatureLogs.Vectors();
        var replayed = new List<(int Index, float[] Row)>();
        Replay.Run(FeatureLogs.Log(events), new FeatureState(FeatureLogs.Items), e => e.Type == EventType.Impression,
            (at, state) => replayed.Add((at, FeatureLogs.Row(state, events[at], embeddings))), TestContext.Current.CancellationToken);

        Assert.Equal(events.Count(e => e.Type == EventType.Impression), replayed.Count);
        foreach (var (index, row) in replayed)
        {
            var prefix = FeatureLogs.Fold(events.Where(e => e.TimeMs < events[index].TimeMs));
            Assert.Equal(FeatureLogs.Row(prefix, events[index], embeddings), row);
        }
    }, iter: 200);

    [Fact]
    public void Run_EventsFromTheMomentOnChanged_LeavesFeaturesAsTheyWere() =>
        Gen.Select(FeatureLogs.Any, FeatureLogs.Any, Gen.Int[0, 59]).Sample((events, others, pick) =>
    {
        var at = events[pick % events.Length];
        var earlier = events.Where(e => e.TimeMs < at.TimeMs).ToArray();
        var changed = others.Select(e => e with { TimeMs = at.TimeMs + e.TimeMs - FeatureLogs.Start });
        var original = At([.. earlier, at, .. events.Where(e => e.TimeMs > at.TimeMs)]);
        var other = At([.. earlier, at, .. changed]);
        Assert.Equal(original, other);

        float[] At(LogEvent[] log)
        {
            float[]? row = null;
            Replay.Run(FeatureLogs.Log(log), new FeatureState(FeatureLogs.Items), _ => true,
                (index, state) => row = index == earlier.Length ? FeatureLogs.Row(state, at) : row, TestContext.Current.CancellationToken);
            return row!;
        }
    }, iter: 200);

    [Fact]
    public void Run_ItemsOfOneList_DoNotSeeEachOther()
    {
        LogEvent[] list = [.. Enumerable.Range(0, 5).Select(
            i => new LogEvent(FeatureLogs.Start, 0, i, EventType.Impression, Position: (short)i))];
        var seen = new List<float>();

        Replay.Run(FeatureLogs.Log(list), new FeatureState(FeatureLogs.Items), _ => true,
            (at, state) => seen.Add(FeatureLogs.Value(FeatureLogs.Row(state, list[at]), "user_impressions_all")),
                TestContext.Current.CancellationToken);

        Assert.Equal(new float[5], seen);
    }

    [Fact]
    public void Of_AnyLog_EqualsSearchBackwards() => FeatureLogs.Any.Sample(events =>
    {
        var labels = ImpressionLabels.Of(FeatureLogs.Log(events), TimeSpan.FromMinutes(30));
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].Type != EventType.Impression)
            {
                Assert.True(float.IsNaN(labels[i]));
                continue;
            }
            var answered = Enumerable.Range(i + 1, events.Length - i - 1)
                .TakeWhile(j => !(Same(events[j], events[i]) && events[j].Type == EventType.Impression))
                .Any(j => Same(events[j], events[i]) && events[j].Type.IsPositive() && events[j].TimeMs - events[i].TimeMs <= 1_800_000);
            Assert.Equal(answered ? 1f : 0f, labels[i]);
        }

        static bool Same(LogEvent a, LogEvent b) => a.User == b.User && a.Item == b.Item;
    }, iter: 300);
}
