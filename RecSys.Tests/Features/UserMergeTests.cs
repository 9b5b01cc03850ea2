using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class UserMergeTests
{
    private static readonly Gen<(LogEvent[] A, LogEvent[] B)> Two =
        Gen.Select(FeatureLogs.Any, FeatureLogs.Any, Gen.OneOf(Gen.Const(0), Gen.Int[-900_000, 400_000_000]))
        .Select((a, b, shift) => (Of(a, 0), Of(b, shift)));

    [Fact]
    public void Merge_Two_AddsUpEveryCount() => Two.Sample((a, b) =>
    {
        var (mine, theirs) = (Fold(a), Fold(b));
        var merged = mine.Copy();
        merged.Merge(theirs);
        ref readonly var m = ref merged.Counters;
        var (x, y) = (mine.Counters, theirs.Counters);

        Assert.Equal(x.Impressions.All + y.Impressions.All, m.Impressions.All);
        Assert.Equal(x.Clicks.All + y.Clicks.All, m.Clicks.All);
        Assert.Equal(x.Positives.All + y.Positives.All, m.Positives.All);
        Assert.Equal((x.Views + y.Views, x.Likes + y.Likes, x.Conversions + y.Conversions, x.Rejections + y.Rejections),
            (m.Views, m.Likes, m.Conversions, m.Rejections));
        Assert.Equal((x.RatingCount + y.RatingCount, x.WatchCount + y.WatchCount, x.Plays + y.Plays),
            (m.RatingCount, m.WatchCount, m.Plays));
        Assert.Equal(Sum(x.DayPartImpressions) + Sum(y.DayPartImpressions), Sum(m.DayPartImpressions));
        Assert.Equal(Sum(x.DeviceImpressions) + Sum(y.DeviceImpressions), Sum(m.DeviceImpressions));
        Assert.Equal(Sum(x.LengthClicks) + Sum(y.LengthClicks), Sum(m.LengthClicks));
        Assert.Equal(Math.Max(x.ClockMs, y.ClockMs), m.ClockMs);
        Assert.Equal(Math.Max(x.LastEntrySeconds, y.LastEntrySeconds), m.LastEntrySeconds);
        Assert.Equal(Math.Min(x.FirstSeconds, y.FirstSeconds), m.FirstSeconds);
    }, iter: 300);

    [Fact]
    public void Merge_TwoPartsOfOneUser_GivesTheWindowsOfTheWhole() => FeatureLogs.Any.Sample(events =>
    {
        var user = Of(events, 0);
        var whole = Fold(user);
        var even = Fold([.. user.Where((_, i) => i % 2 == 0)]);
        even.Merge(Fold([.. user.Where((_, i) => i % 2 == 1)]));

        var (w, m) = (whole.Counters, even.Counters);
        Near(w.Impressions.Hour, m.Impressions.Hour);
        Near(w.Impressions.Month, m.Impressions.Month);
        Near(w.Clicks.Week, m.Clicks.Week);
        Near(w.Positives.Day, m.Positives.Day);
        Near(w.ExpectedClicks, m.ExpectedClicks);
        var now = (uint)(whole.LastEventMs / 1000) + 5000;
        for (var item = 0; item < 3; item++)
        {
            var key = FeatureLogs.Facts[item].Category;
            Near(whole.Categories.Find(key, now).Impressions, even.Categories.Find(key, now).Impressions, 0.01f);
            Near(whole.Categories.Find(key, now).Positives, even.Categories.Find(key, now).Positives, 0.01f);
        }
        // Each item is in the sequence if it is in that of the whole; where times are known, in the same order.
        Assert.Equal(whole.RecentItems.ToArray().Distinct().Order(), even.RecentItems.ToArray().Distinct().Order());
    }, iter: 200);

    [Fact]
    public void Merge_Empty_ChangesNothing() => FeatureLogs.Any.Sample(events =>
    {
        var user = Fold(Of(events, 0));
        var before = ContributionTests.Bytes(user);

        user.Merge(new UserState());
        Assert.Equal(before, ContributionTests.Bytes(user));

        var empty = new UserState();
        empty.Merge(user);
        Assert.Equal(before, ContributionTests.Bytes(empty));
    }, iter: 100);

    [Fact]
    public void Merge_EitherWay_IsTheSame() => Two.Sample((a, b) =>
    {
        var (ab, ba) = (Fold(a), Fold(b));
        ab.Merge(Fold(b));
        ba.Merge(Fold(a));

        Assert.Equal(ab.RecentItems.ToArray(), ba.RecentItems.ToArray());
        Assert.Equal(ab.Seen.Cells.ToArray(), ba.Seen.Cells.ToArray());
        Assert.Equal(ab.Categories.Cells.ToArray().Select(cell => cell.Key), ba.Categories.Cells.ToArray().Select(cell => cell.Key));
        Assert.Equal(ab.ByteCount, ba.ByteCount);
        var now = Math.Max(ab.LastEventMs, ba.LastEventMs) + 60_000;
        var (x, y) = (Row(ab), Row(ba));
        for (var i = 0; i < x.Length; i++)
            Assert.True(float.IsNaN(x[i])
                ? float.IsNaN(y[i])
                : Math.Abs(x[i] - y[i]) <= 2e-3f * (1 + Math.Abs(x[i])), $"{FeatureCatalogue.Default.Names[i]}: {x[i]} and {y[i]}");

        float[] Row(UserState state)
        {
            var row = new float[FeatureCatalogue.Default.Count];
            var request = FeatureRequest.Of(FeatureLogs.Users[0], state, now, device: 1, location: 2);
            new FeatureExtractor(FeatureCatalogue.Default).Fill(request, new FeatureState(FeatureLogs.Items), [new CandidateInput(3)], row);
            return row;
        }
    }, iter: 200);

    [Fact]
    public void Merge_ManyFullStates_StaysWithinItsLimits()
    {
        var user = Full(1);
        for (var i = 2; i < 12; i++)
        {
            user.Merge(Full(i));
            Assert.InRange(user.ByteCount, 1, UserState.MaxByteCount);
            Assert.Equal(UserState.RecentCapacity, user.RecentItems.Length);
            Assert.Equal(SeenItems.Capacity, user.Seen.Count);
            Assert.Equal(ContributionTests.Bytes(user), ContributionTests.Bytes(UserState.Read(ContributionTests.Bytes(user))));
            Assert.InRange((float)user.Counters.RecentImpressions, 0, 10.01f);
        }
        // The latest history is the last one merged.
        Assert.True(user.RecentItems.ToArray().All(item => item / 1000 == 11));

        static UserState Full(int seed)
        {
            var state = new UserState();
            var random = new Random(seed);
            for (var i = 0; i < 70_000; i++)
            {
                var item = random.Next(400);
                var e = new LogEvent(FeatureLogs.Start + seed * 864_000_000L + i * 5000L, 0, item, i % 3 == 0
                    ? EventType.Click : EventType.Impression, Device: (byte)(i % 6), Location: (byte)(seed * 10 + i % 7));
                FeatureLogs.Apply(state, e, FoldLogs.Facts);
            }
            for (var i = 0; i < 60; i++)
                FeatureLogs.Apply(state, new LogEvent(state.LastEventMs + 1000, 0, seed * 1000 + i, EventType.Click), FoldLogs.Facts);
            return state;
        }
    }

    private static void Near(float expected, float actual, float tolerance = 1e-3f) =>
        Assert.InRange(actual, expected - tolerance * (1 + expected), expected + tolerance * (1 + expected));

    private static int Sum(ReadOnlySpan<ushort> counts)
    {
        var sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }

    private static LogEvent[] Of(LogEvent[] events, int shift) =>
        [.. events.Select(e =>
        e with { User = 0, TimeMs = e.TimeMs + 1_000_000 + shift, Value = float.IsFinite(e.Value) ? e.Value : float.NaN })];

    private static UserState Fold(LogEvent[] events)
    {
        var state = new UserState();
        foreach (var e in events) FeatureLogs.Apply(state, e);
        return state;
    }
}
