using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class SeenRecordTests
{
    private static readonly Gen<LogEvent[]> Events =
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 10], Gen.Int[0, 3], Gen.Int[0, 2_000_000_000]).Array[0, 200].Select(drawn => drawn.Select(d =>
        new LogEvent(FeatureLogs.Start + d.Item4, 0, d.Item1 * 977, (EventType)d.Item2) is var e && d.Item3 == 0
            ? e with { Meaning = EventMeaning.Undo } : e).ToArray());

    [Fact]
    public void Apply_AnyEvents_EqualsDictionaries() => Events.Sample(events =>
    {
        var record = new SeenRecord();
        var (shown, consumed, rejected) = (new Dictionary<int, long>(), new Dictionary<int, long>(), new HashSet<int>());
        foreach (var e in events)
        {
            record.Apply(in e);
            var second = e.TimeMs / 1000 * 1000;
            if (e.Meaning == EventMeaning.Undo)
            {
                if (e.Type.IsPositive()) consumed.Remove(e.Item);
                if (e.Type.IsRejection()) rejected.Remove(e.Item);
            }
            else if (e.Type.IsPositive()) consumed[e.Item] = Math.Max(second, consumed.GetValueOrDefault(e.Item));
            else if (e.Type.IsRejection()) rejected.Add(e.Item);
            else shown[e.Item] = Math.Max(second, shown.GetValueOrDefault(e.Item));
        }
        Check(record, shown, consumed, rejected);

        var copy = new SeenRecord();
        copy.Shown(5, 99_000);
        copy.CopyFrom(record);
        Check(copy, shown, consumed, rejected);
        record.Clear();
        Assert.Equal((0, false), (record.Count, record.Find(0).IsKnown));
        Check(copy, shown, consumed, rejected);
    }, iter: 200);

    [Theory]
    [InlineData(EventType.Rating, EventMeaning.Neutral, true)]
    [InlineData(EventType.Rating, EventMeaning.Positive, true)]
    [InlineData(EventType.Rating, EventMeaning.Negative, false)]
    [InlineData(EventType.View, EventMeaning.Neutral, false)]
    [InlineData(EventType.View, EventMeaning.Positive, true)]
    public void Apply_EventWithAStatedMeaning_RatedItemsAreConsumed(EventType type, EventMeaning meaning, bool consumed)
    {
        var record = new SeenRecord();

        record.Apply(new LogEvent(FeatureLogs.Start, 0, 7, type, 3) { Meaning = meaning });

        Assert.Equal(consumed, record.Find(7).ConsumedMs is not null);
        Assert.Equal(meaning == EventMeaning.Negative, record.Find(7).Rejected);
    }

    [Fact]
    public void Consumed_MoreThanItHolds_ForgetsTheQuarterMetLongestAgo() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        var random = new Random(seed);
        var record = new SeenRecord();
        var oracle = new Dictionary<int, (long Last, bool Rejected)>();
        for (var i = 0; i < 20_000; i++)
        {
            var (item, time) = (random.Next(14_000), FeatureLogs.Start + random.Next(400) * 1000L);
            if (!oracle.ContainsKey(item) && oracle.Count == SeenRecord.Capacity)
            {
                foreach (var gone in oracle.OrderBy(entry => entry.Value.Rejected ? 1 : 0).ThenBy(entry => entry.Value.Last)
                    .ThenByDescending(entry => entry.Key).Take(SeenRecord.Capacity / 4).ToArray())
                    oracle.Remove(gone.Key);
            }
            var known = oracle.GetValueOrDefault(item);
            if (i % 20 == 0)
            {
                record.Rejected(item);
                oracle[item] = (known.Last, true);
            }
            else
            {
                record.Shown(item, time);
                oracle[item] = (Math.Max(known.Last, time), known.Rejected);
            }
        }

        Assert.Equal(oracle.Count, record.Count);
        Assert.Equal(oracle.Keys.Order(), record.Entries().Select(entry => entry.Item));
        foreach (var (item, what) in oracle)
            Assert.Equal((what.Last == 0 ? null : what.Last, what.Rejected), (record.Find(item).ShownMs, record.Find(item).Rejected));
    }, iter: 3);

    [Fact]
    public void Merge_Two_KnowsWhatEitherKnew() => Gen.Select(Events, Events).Sample((a, b) =>
    {
        var (x, y) = (Of(a), Of(b));
        var merged = Of(a);
        merged.Merge(y);
        var reversed = Of(b);
        reversed.Merge(x);

        Assert.Equal(merged.Entries(), reversed.Entries());
        foreach (var item in a.Concat(b).Select(e => e.Item).Distinct())
        {
            var (mine, theirs, both) = (x.Find(item), y.Find(item), merged.Find(item));
            Assert.Equal(Later(mine.ShownMs, theirs.ShownMs), both.ShownMs);
            Assert.Equal(Later(mine.ConsumedMs, theirs.ConsumedMs), both.ConsumedMs);
            Assert.Equal(mine.Rejected || theirs.Rejected, both.Rejected);
        }

        static long? Later(long? a, long? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);
    }, iter: 200);

    [Fact]
    public void Merge_TwoFull_KeepsWhatWasMetLastWhicheverComesFirst()
    {
        var (early, late) = (new SeenRecord(), new SeenRecord());
        for (var i = 0; i < SeenRecord.Capacity; i++)
        {
            early.Shown(i, 1_000_000 + i * 1000L);
            late.Consumed(100_000 + i, 900_000_000 + i * 1000L);
        }
        early.Rejected(7);
        var reversed = new SeenRecord();
        reversed.CopyFrom(late);
        reversed.Merge(early);
        early.Merge(late);

        Assert.Equal(SeenRecord.Capacity, early.Count);
        Assert.Equal(early.Entries(), reversed.Entries());
        Assert.True(early.Find(7).Rejected);
        Assert.True(early.Find(100_000 + SeenRecord.Capacity - 1).IsKnown);
        Assert.False(early.Find(8).IsKnown);
    }

    [Fact]
    public void CopyFrom_LargeThenSmallThenLarge_IsEachTimeTheOtherAndAllocatesOnce()
    {
        var (large, small, copy) = (Filled(5000), Filled(3), new SeenRecord());
        copy.CopyFrom(large);
        var before = GC.GetAllocatedBytesForCurrentThread();
        copy.CopyFrom(small);
        Assert.Equal(3, copy.Count);
        Assert.True(copy.Find(2).IsKnown);
        Assert.False(copy.Find(4000).IsKnown);
        copy.CopyFrom(large);
        copy.Clear();
        Assert.False(copy.Find(2).IsKnown);
        copy.CopyFrom(large);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2000);

        Assert.Equal(large.Entries(), copy.Entries());
        // A copy is a record like any other.
        copy.CopyFrom(small);
        copy.Shown(77, 5000);
        Assert.Equal([0, 1, 2, 77], copy.Entries().Select(entry => entry.Item));
        Assert.Equal(5000, large.Count);
    }

    private static SeenRecord Filled(int items)
    {
        var record = new SeenRecord();
        for (var item = 0; item < items; item++) record.Shown(item, 1000 * (item + 1));
        return record;
    }

    private static void Check(SeenRecord record, Dictionary<int, long> shown, Dictionary<int, long> consumed, HashSet<int> rejected)
    {
        for (var i = 0; i <= 40; i++)
        {
            var item = i * 977;
            var found = record.Find(item);
            Assert.Equal(shown.TryGetValue(item, out var at) ? at : (long?)null, found.ShownMs);
            Assert.Equal(consumed.TryGetValue(item, out at) ? at : (long?)null, found.ConsumedMs);
            Assert.Equal(rejected.Contains(item), found.Rejected);
        }
    }

    private static SeenRecord Of(LogEvent[] events)
    {
        var record = new SeenRecord();
        foreach (var e in events) record.Apply(in e);
        return record;
    }
}
