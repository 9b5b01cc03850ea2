using System.Buffers.Binary;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Transitions;

namespace RecSys.Tests.Retrieval.Transitions;

public sealed class ItemTransitionsTests
{
    private const int Items = 60;
    private const int Users = 12;

    [Fact]
    public void Fit_RandomLog_AgreesWithCountingEveryPair()
    {
        var log = Log(700);
        var table = ItemTransitions.Fit(log);

        var (counts, entries) = Naive(log);
        for (var item = 0; item < Items; item++)
        {
            var expected = Enumerable.Range(0, Items).Where(other => counts[item, other] > 0).ToArray();
            Assert.Equal(expected, table.Of(item).ToArray());
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(counts[item, expected[i]] / (Math.Sqrt((double)entries[item] * entries[expected[i]]) + 10),
                    table.WeightsOf(item)[i], 1e-6);
        }
    }

    [Fact]
    public void Fit_TwoItemsInOneOrder_KnowsTheOrder()
    {
        var events = Enumerable.Range(0, Users).SelectMany(
            user => new[] { new LogEvent(user * 10, user, 3, EventType.View), new LogEvent(user * 10 + 1, user, 7, EventType.View) });
        var table = ItemTransitions.Fit(Log(events));

        Assert.Equal([7], table.Of(3).ToArray());
        Assert.Equal(Users / (Users + 10f), table.WeightsOf(3)[0], 1e-6);
        Assert.True(table.Of(7).IsEmpty);
    }

    [Fact]
    public void Fit_MoreFollowersThanAreKept_KeepsTheStrongest()
    {
        // Item 0 is followed by every other of 300, by the first ten of them three times.
        var events = new List<LogEvent>();
        for (var follower = 1; follower < 300; follower++)
        {
            for (var time = 0; time < (follower <= 10 ? 3 : 1); time++)
            {
                events.Add(new LogEvent(events.Count, events.Count / 2, 0, EventType.View));
                events.Add(new LogEvent(events.Count, events.Count / 2, follower, EventType.View));
            }
        }
        var table = ItemTransitions.Fit(Log(events, items: 300, users: events.Count));

        Assert.Equal(ItemTransitions.MaxFollowers, table.Of(0).Length);
        Assert.Equal(Enumerable.Range(1, 10), table.Of(0)[..10].ToArray());
    }

    [Fact]
    public void Load_SavedTable_IsTheSame()
    {
        var table = ItemTransitions.Fit(Log(400));
        using var file = new TemporaryFile();
        ItemTableFile.Save(table, file.Path);

        var loaded = ItemTableFile.Load(file.Path, Items);

        for (var item = 0; item < Items; item++)
        {
            Assert.Equal(table.Of(item).ToArray(), loaded.Of(item).ToArray());
            Assert.Equal(table.WeightsOf(item).ToArray(), loaded.WeightsOf(item).ToArray());
        }
    }

    [Theory]
    [InlineData(0, 61, "61 items")]
    [InlineData(1, 1_000_000, "does not fit")]
    [InlineData(1, -5, "does not fit")]
    [InlineData(2, 4, "starts")]
    [InlineData(3, 1000, "others of row")]
    [InlineData(2 + 61, 60, "does not exist")]
    [InlineData(2 + 61, -1, "does not exist")]
    [InlineData(-1, 0x7FC00000, "weight")]
    [InlineData(-1, 0, "weight")]
    public void Load_DamagedFile_SaysWhatIsWrong(int word, int value, string expected)
    {
        using var file = new TemporaryFile();
        ItemTableFile.Save(ItemTransitions.Fit(Log(400)), file.Path);
        var bytes = File.ReadAllBytes(file.Path);
        var at = word < 0 ? bytes.Length - 4 : word * 4;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        File.WriteAllBytes(file.Path, bytes);

        var failure = Assert.Throws<RecSysException>(() => ItemTableFile.Load(file.Path, Items));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FollowerCounts_BeyondTheirCapacity_KeepWhatIsFrequent()
    {
        var counts = new FollowerCounts();
        for (var i = 0; i < 5 * FollowerCounts.Capacity; i++)
        {
            counts.Add(1_000_000 + i, 1);
            if (i % 10 == 0) counts.Add(7, 1);
        }

        Assert.InRange(counts.Pairs.Count, 1, FollowerCounts.Capacity);
        Assert.Equal(FollowerCounts.Capacity / 2, (int)counts.Pairs[7]);
    }

    private static (double[,] Counts, int[] Entries) Naive(InteractionLog log)
    {
        var (counts, entries) = (new double[Items, Items], new int[Items]);
        for (var user = 0; user < Users; user++)
        {
            var sequence = new List<int>();
            foreach (var e in log.Events)
            {
                if (e.User == user && InteractionSequence.Extends(sequence.ToArray(), in e)) sequence.Add(e.Item);
            }
            for (var i = 0; i < sequence.Count; i++)
            {
                entries[sequence[i]]++;
                for (var j = i + 1; j <= Math.Min(i + 5, sequence.Count - 1); j++)
                {
                    if (sequence[i] != sequence[j]) counts[sequence[i], sequence[j]] += Math.Pow(0.5, j - i - 1);
                }
            }
        }
        return (counts, entries);
    }

    private static InteractionLog Log(int events)
    {
        var random = new Random(11);
        return Log(Enumerable.Range(0, events).Select(
            i => new LogEvent(i, random.Next(Users), random.Next(Items), random.Next(5) == 0 ? EventType.Dislike : EventType.View)));
    }

    private static InteractionLog Log(IEnumerable<LogEvent> events, int items = Items, int users = Users) => new(
        ItemCatalog.Create(Enumerable.Range(0, items).Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = "c" })),
        new UserDirectory(Enumerable.Range(0, users).Select(u => new User { Id = $"u{u}" })),
        [.. events]);

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"transitions-{Guid.NewGuid():N}");

        public void Dispose() => File.Delete(Path);
    }
}
