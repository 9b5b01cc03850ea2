using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class SeenRecordTests
{
    [Fact]
    public void Operations_AtRandom_AgreeWithDictionaries()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var record = new SeenRecord();
            Dictionary<int, long> shown = [], consumed = [];
            HashSet<int> rejected = [];
            for (var n = random.Next(2000); n > 0; n--)
            {
                var (item, seconds) = (random.Next(500), (long)random.Next(1, 1_000_000));
                switch (random.Next(4))
                {
                    case 0:
                        record.Consumed(item, seconds * 1000);
                        consumed[item] = Math.Max(consumed.GetValueOrDefault(item), seconds);
                        break;
                    case 1:
                        record.Rejected(item);
                        rejected.Add(item);
                        break;
                    case 2:
                        record.Returned(item);
                        consumed.Remove(item);
                        break;
                    default:
                        record.Shown(item, seconds * 1000);
                        shown[item] = Math.Max(shown.GetValueOrDefault(item), seconds);
                        break;
                }
            }
            for (var item = 0; item < 500; item++)
            {
                var entry = record.Find(item);
                Assert.Equal(shown.TryGetValue(item, out var at) ? at * 1000 : null, entry.ShownMs);
                Assert.Equal(consumed.TryGetValue(item, out var then) ? then * 1000 : null, entry.ConsumedMs);
                Assert.Equal(rejected.Contains(item), entry.Rejected);
            }
        }
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
        copy.CopyFrom(new SeenRecord());
        Assert.False(copy.Find(2).IsKnown);
        copy.CopyFrom(large);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000);

        Assert.Equal(large.Entries().Select(entry => (entry.Item, entry.ShownMs)), copy.Entries().Select(entry => (entry.Item, entry.ShownMs)));
        // A copy is a record like any other.
        copy.CopyFrom(small);
        copy.Shown(77, 5000);
        Assert.Equal([0, 1, 2, 77], copy.Entries().Select(entry => entry.Item));
        Assert.Equal(5000, large.Count);
    }

    [Fact]
    public void Shown_BeyondTheCapacity_ForgetsTheOldestAndNeverARejection()
    {
        var record = new SeenRecord();
        record.Rejected(1_000_000);
        for (var item = 0; item < 3 * SeenRecord.Capacity; item++)
        {
            record.Shown(item, 1000L * (item + 1));
            Assert.True(record.Count <= SeenRecord.Capacity);
        }

        Assert.True(record.Find(1_000_000).Rejected);
        Assert.False(record.Find(0).IsKnown);
        Assert.True(record.Find(3 * SeenRecord.Capacity - 1).IsKnown);
    }

    private static SeenRecord Filled(int items)
    {
        var record = new SeenRecord();
        for (var item = 0; item < items; item++) record.Shown(item, 1000 * (item + 1));
        return record;
    }
}
