using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Features;

public sealed class FeatureExtractorTests
{
    private const double Hour = 3_600_000.0;

    [Fact]
    public void Fill_AnyState_IsFiniteOrMissing() => FeatureLogs.Any.Sample(events =>
    {
        var state = FeatureLogs.Fold(events);
        foreach (var item in Enumerable.Range(0, FeatureLogs.Items.Count + 2))
        {
            var row = FeatureLogs.Row(state, events[^1] with { Item = item, TimeMs = events[^1].TimeMs + 1000 }, new FeatureLogs.Vectors());
            Assert.DoesNotContain(row, float.IsInfinity);
        }
    }, iter: 100);

    [Fact]
    public void Fill_ManyCandidates_EqualsOneByOne() => FeatureLogs.Any.Sample(events =>
    {
        var state = FeatureLogs.Fold(events);
        var embeddings = new FeatureLogs.Vectors();
        var last = events[^1];
        var candidates = Enumerable.Range(0, 12).Select(item => new CandidateInput(item)).ToArray();
        var width = FeatureCatalogue.Default.Count;
        var matrix = new float[12 * width];

        new FeatureExtractor(FeatureCatalogue.Default).Fill(FeatureLogs.Request(state, last, embeddings), state, candidates, matrix);

        for (var item = 0; item < 12; item++)
            Assert.Equal(FeatureLogs.Row(state, last with { Item = item, Position = -1 }, embeddings),
                matrix[(item * width)..((item + 1) * width)]);
    }, iter: 50);

    [Fact]
    public void Fill_AnyLog_EqualsPlainComputation() => FeatureLogs.Any.Sample(events =>
    {
        var now = events[^1].TimeMs + 90_000;
        var at = events[^1] with { TimeMs = now, Item = events[0].Item };
        var row = FeatureLogs.Row(FeatureLogs.Fold(events), at, new FeatureLogs.Vectors());
        var user = events.Where(e => e.User == at.User).ToArray();
        var item = events.Where(e => e.Item == at.Item).ToArray();

        Near(Faded(user, EventType.Impression, 24), "user_impressions_1d");
        Near(Faded(item, EventType.Impression, 1), "item_impressions_1h");
        Near(Faded(item, EventType.Click, 24), "item_clicks_1d");
        Near(item.Count(e => e.Type.IsPositive()), "item_positives_all");
        var rate = (Number(events, EventType.Click) + 2) / (Number(events, EventType.Impression) + 20);
        var userRate = (Number(user, EventType.Click) + 5 * rate) / (Number(user, EventType.Impression) + 5);
        Near(rate, "overall_ctr");
        Near(userRate, "user_ctr_all");
        Near((Faded(user, EventType.Click, 168) + 5 * userRate) / (Faded(user, EventType.Impression, 168) + 5), "user_ctr_7d");
        var here = events.Where(e => e.Location == at.Location).ToArray();
        Near((Number(here, EventType.Click) + 50 * rate) / (Number(here, EventType.Impression) + 50), "location_ctr");
        Near((now - user.Max(e => e.TimeMs)) / Hour, "user_hours_since_event");
        var category = FeatureLogs.Items.CategoryOf(at.Item);
        var inCategory = events.Where(e => FeatureLogs.Items.CategoryOf(e.Item) == category).ToArray();
        Near((Number(inCategory, EventType.Click) + 30 * rate) / (Number(inCategory, EventType.Impression) + 30), "item_category_ctr");
        Near(user.Where(e => e.Item == at.Item).Count(e => e.Type == EventType.Impression), "seen_impressions");
        Near(user.Where(e => FeatureLogs.Items.CategoryOf(e.Item) == category && e.Type == EventType.Impression)
            .Sum(e => Math.Exp(-(now - e.TimeMs) / (720 * Hour))), "user_category_impressions", 2e-3);

        var sequence = Sequence(user);
        Near(sequence.Count, "user_history_length");
        Near(sequence.Count == 0 ? double.NaN : Cosine([sequence[^1]], at.Item), "cosine_last_1");
        Near(Cosine(sequence.TakeLast(5), at.Item), "cosine_last_5");
        Near(Cosine(sequence.TakeLast(20), at.Item), "cosine_last_20");

        double Faded(LogEvent[] list, EventType type, double hours) =>
            list.Where(e => e.Type == type).Sum(e => Math.Exp(-(now - e.TimeMs) / (hours * Hour)));

        void Near(double expected, string name, double tolerance = 1e-3)
        {
            var actual = FeatureLogs.Value(row, name);
            Assert.True(double.IsNaN(expected)
                ? float.IsNaN(actual)
                : Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected)), $"{name}: {actual} instead of {expected}");
        }
    }, iter: 300);

    [Fact]
    public void Fill_PlaysAndLongViews_CountSharesAndLifts()
    {
        var state = FeatureLogs.Fold([
            At(0, 1, EventType.View, float.NaN),
            At(0, 1, EventType.LongView, float.NaN),
            At(1, 2, EventType.View, 3),
            At(2, 3, EventType.LongView, float.NaN),
            At(3, 4, EventType.LongView, 60),
            At(4, 6, EventType.Impression, 2),
        ]);

        // Plays of items 1, 2, 4 and 6, long views of 1 and 4; of item 3 nobody knows what else was played. Overall 2 / (4 + 20).
        Assert.Equal((2 + 5 / 12f) / (4 + 5), Of(1, "user_long_view_share"), 5);
        Assert.Equal((1 + 15 / 12f) / (1 + 15), Of(1, "item_long_view_share"), 5);
        // Expected: 0 of item 1, then the overall shares 1 / 21, 1 / 22 and 2 / 23, since durations are far apart and items new.
        var expected = 1 / 21f + 1 / 22f + 2 / 23f;
        Assert.Equal((2 + 3) / (expected + 3), Of(1, "user_long_view_lift"), 4);
        Assert.Equal((1 + 8) / 8f, Of(1, "item_long_view_lift"), 5);
        // By a user of lift 4 / (3 + 1 / 21), whose odds are that much higher.
        var odds = 1 / 22f * 4 / (3 + 1 / 21f);
        Assert.Equal((1 + 8) / (8 + odds / (odds + 21 / 22f)), Of(4, "item_long_view_lift"), 4);
        // One impression, expected to be clicked at 0.1, on top of six such clicks at the lift of long views.
        Assert.Equal(6 * (2 + 3) / (expected + 3) / (6 + 0.1f), Of(1, "user_click_lift"), 4);

        float Of(int item, string name) => FeatureLogs.Value(FeatureLogs.Row(state, At(5, item, EventType.Impression, float.NaN)), name);

        static LogEvent At(int minute, int item, EventType type, float value) =>
            new(FeatureLogs.Start + minute * 60_000L, 0, item, type, value);
    }

    [Fact]
    public void Fill_LogWithoutLongViews_LeavesTheirLiftsAtOne()
    {
        var state = FeatureLogs.Fold(Enumerable.Range(0, 200)
            .Select(i => new LogEvent(FeatureLogs.Start + i, 0, i % 12, EventType.View, 4)));
        var row = FeatureLogs.Row(state, new LogEvent(FeatureLogs.Start + 1000, 0, 1, EventType.Impression));

        Assert.Equal(1, FeatureLogs.Value(row, "user_long_view_lift"));
        Assert.Equal(1, FeatureLogs.Value(row, "item_long_view_lift"));
    }

    [Fact]
    public void Fill_Warm_AllocatesNothing()
    {
        var state = FeatureLogs.Fold(
            [new LogEvent(FeatureLogs.Start, 0, 1, EventType.Click), new LogEvent(FeatureLogs.Start, 0, 2, EventType.Click)]);
        var request = FeatureLogs.Request(state, new LogEvent(FeatureLogs.Start + 1000, 0, 3, EventType.Impression));
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        var candidates = Enumerable.Range(0, 12).Select(i => new CandidateInput(i)).ToArray();
        var matrix = new float[12 * FeatureCatalogue.Default.Count];

        Assert.Equal(0, Allocations.OfWarm(100, () => extractor.Fill(request, state, candidates, matrix)));
    }

    [Fact]
    public void Fill_MatrixTooShort_SaysWhatIsNeeded()
    {
        var state = new FeatureState(FeatureLogs.Items);
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);

        var error = Assert.Throws<ArgumentException>(() =>
            extractor.Fill(FeatureRequest.Of(null, null, 0), state, [new CandidateInput(0)], new float[3]));

        Assert.Contains("1 candidates", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fill_WhileTheFoldRuns_NeverThrows()
    {
        var state = new FeatureState(FeatureLogs.Items);
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var matrix = new float[40 * FeatureCatalogue.Default.Count];
            var request = FeatureRequest.Of(null, null, FeatureLogs.Start + 1_000_000);
            var rounds = 0;
            do
            {
                var candidates = Enumerable.Range(0, 40).Select(i => new CandidateInput(i * 5000)).ToArray();
                extractor.Fill(request, state, candidates, matrix);
                Assert.DoesNotContain(matrix, float.IsInfinity);
                rounds++;
            }
            while (!done.IsCancellationRequested);
            return rounds;
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 200_000; i++)
            state.ApplyShared(new LogEvent(FeatureLogs.Start + i, 0, i, (EventType)(i % 2)), Contribution.None);
        await done.CancelAsync();

        Assert.True(await reader > 0);
        Assert.Equal(1, state.ItemStates.ImpressionsOf(199_998));
    }

    private static double Number(LogEvent[] list, EventType type) => list.Count(e => e.Type == type);

    private static List<int> Sequence(LogEvent[] user)
    {
        var sequence = new List<int>();
        foreach (var e in user)
        {
            if (e.Type.IsPositive() && !sequence.TakeLast(20).Contains(e.Item)) sequence.Add(e.Item);
        }
        return sequence;
    }

    private static double Cosine(IEnumerable<int> items, int item)
    {
        var mean = new double[FeatureLogs.Vectors.Length];
        foreach (var vector in items.Where(i => i != 5).Select(FeatureLogs.Vectors.Of))
        {
            var length = Math.Sqrt(vector.Sum(x => (double)x * x));
            for (var i = 0; i < mean.Length; i++) mean[i] += vector[i] / length;
        }
        var own = FeatureLogs.Vectors.Of(item);
        var norms = Math.Sqrt(mean.Sum(x => x * x) * own.Sum(x => (double)x * x));
        return item == 5 || norms == 0 ? double.NaN : mean.Zip(own, (a, b) => a * b).Sum() / norms;
    }
}
