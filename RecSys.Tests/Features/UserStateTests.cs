using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class UserStateTests
{
    [Fact]
    public void Read_OfWritten_GivesTheSameFeaturesAndTheSameFuture() =>
        Gen.Select(FeatureLogs.Any, FeatureLogs.Any).Sample((events, later) =>
    {
        var state = FeatureLogs.Fold(events);
        var user = state.GetOrAddUser(0);
        var bytes = new byte[user.ByteCount];
        Assert.Equal(bytes.Length, user.Write(bytes));
        var copy = UserState.Read(bytes);

        foreach (var e in later)
        {
            FeatureLogs.Apply(user, e with { TimeMs = e.TimeMs + 1000 });
            FeatureLogs.Apply(copy, e with { TimeMs = e.TimeMs + 1000 });
        }

        Assert.Equal(Bytes(user), Bytes(copy));
        Assert.Equal(user.RecentItems.ToArray(), copy.RecentItems.ToArray());
        Assert.Equal(user.LastEventMs, copy.LastEventMs);
    }, iter: 100);

    [Fact]
    public void ByteCount_AnyEvents_StaysWithinOneKilobyteAndReadsBack() => Gen.Select(
        Gen.Int[0, 499], Gen.Int[0, 10], Gen.Float[-1, 1e9f], Gen.Short[-1, 99], Gen.Byte, Gen.Byte,
        Gen.OneOf(Gen.Int[0, 10_000], Gen.Int[-90_000_000, 1_000_000_000])).Array[1, 600].Sample(events =>
    {
        var user = new UserState();
        var time = FeatureLogs.Start;
        foreach (var (item, type, value, position, device, location, step) in events)
            FeatureLogs.Apply(user, new LogEvent(time += step, 0, item, (EventType)type, value, position, device, location), Many);

        Assert.InRange(user.ByteCount, 0, 1024);
        Assert.Equal(Bytes(user), Bytes(UserState.Read(Bytes(user))));
    }, iter: 100);

    [Fact]
    public void ByteCount_EverythingFull_IsTheStatedMost()
    {
        var user = new UserState();
        for (var i = 0; i < 5000; i++)
            FeatureLogs.Apply(user,
                new LogEvent(FeatureLogs.Start + i * 7919L, 0, i % 500, (EventType)(i % 11), 5, (short)(i % 20), (byte)(i % 6),
                (byte)(i % 250)), Many);

        Assert.Equal(8 + 284 + 50 * 4 + 12 * 14 + (16 + 10) * 14, user.ByteCount);
        Assert.Equal(user.ByteCount, Bytes(user.Copy()).Length);
        Assert.InRange(user.ByteCount, 1, UserState.MaxByteCount);
    }

    [Fact]
    public void Apply_MoreThanSixteenBitsHold_KeepsTheRates()
    {
        var user = new UserState();
        for (var i = 0; i < 200_000; i++)
            FeatureLogs.Apply(user,
                new LogEvent(FeatureLogs.Start, 0, 1, i % 4 == 3 ? EventType.Click : EventType.Impression, Location: 7));

        var part = UserState.DayPart(FeatureLogs.Start);
        var affinity = user.Categories.Find(user.Categories.Cells[0].Key, (uint)(FeatureLogs.Start / 1000));
        Assert.Equal(1 / 3f, user.Counters.DayPartClicks[part] / (float)user.Counters.DayPartImpressions[part], 3);
        Assert.Equal(1 / 3f, user.Counters.PlaceClicks[1] / (float)user.Counters.PlaceImpressions[1], 3);
        Assert.Equal(1 / 3f, affinity.Clicks / affinity.Impressions, 2);
        Assert.Equal(150_000, user.Counters.Impressions.All);
    }

    [Fact]
    public void Apply_SameEventTwice_CountsTwice()
    {
        var click = new LogEvent(FeatureLogs.Start, 0, 1, EventType.Click);
        var user = FeatureLogs.Fold([click, click]).GetOrAddUser(0);

        Assert.Equal(2, user.Counters.Clicks.All);
        Assert.Equal([1], user.RecentItems.ToArray());
    }

    [Fact]
    public void Apply_ThirteenItems_ForgetsTheOneMetLongestAgo()
    {
        var user = new UserState();
        foreach (var item in (int[])[.. Enumerable.Range(0, 12), 0, 12])
            FeatureLogs.Apply(user, new LogEvent(FeatureLogs.Start, 0, item, EventType.Impression), Many);

        Assert.Equal((2, 0, 1, 1),
            (user.Seen.Find(0).Impressions, user.Seen.Find(1).Impressions, user.Seen.Find(2).Impressions, user.Seen.Find(12).Impressions));
    }

    [Fact]
    public void Read_AnyBitChanged_IsRefused() => Gen.Int[0, 1023].Sample(at =>
    {
        var bytes = Bytes(
            FeatureLogs.Fold([.. Enumerable.Range(0, 12).Select(i => new LogEvent(FeatureLogs.Start + i, 0, i, EventType.Click))])
            .GetOrAddUser(0));
        bytes[at % bytes.Length] ^= (byte)(1 << (at & 7));

        Assert.Contains("event log", Assert.Throws<RecSysException>(() => UserState.Read(bytes)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Read_AnyBytes_ReadsOrSaysWhatIsWrong() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 2000], Gen.Bool).Sample((noise, cut, start) =>
    {
        var user = FeatureLogs.Fold([.. Enumerable.Range(0, 12).Select(i => new LogEvent(FeatureLogs.Start + i, 0, i, EventType.Click))])
            .GetOrAddUser(0);
        var bytes = Bytes(user);
        noise.AsSpan(0, Math.Min(noise.Length, bytes.Length)).CopyTo(bytes.AsSpan(start ? 0 : Math.Min(cut, bytes.Length - noise.Length)));
        try
        {
            Assert.InRange(UserState.Read(bytes.AsSpan(0, Math.Min(bytes.Length, cut))).RecentItems.Length, 0, UserState.RecentCapacity);
        }
        catch (RecSysException error)
        {
            Assert.Contains("event log", error.Message, StringComparison.Ordinal);
        }
    }, iter: 500);

    [Fact]
    public void Read_OtherVersion_IsRefused()
    {
        var bytes = Bytes(new UserState());
        bytes[0]++;

        Assert.Contains("format", Assert.Throws<RecSysException>(() => UserState.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_PositiveEvents_BuildTheSequenceOfTheDomainRule() => FeatureLogs.Any.Sample(events =>
    {
        var user = new UserState();
        var expected = new List<int>();
        foreach (var e in events)
        {
            if (InteractionSequence.Extends(expected.TakeLast(50).ToArray(), in e)) expected.Add(e.Item);
            FeatureLogs.Apply(user, e);
        }

        Assert.Equal(expected.TakeLast(50), user.RecentItems.ToArray());
    }, iter: 200);

    [Fact]
    public void Apply_LateEvent_CountsFadedAndLeavesTheSequence()
    {
        LogEvent[] inOrder = [At(0, 1), At(3, 2), At(5, 3)];
        var late = FeatureLogs.Fold([inOrder[0], inOrder[2], inOrder[1]]);
        var sorted = FeatureLogs.Fold(inOrder);
        var now = At(6, 4) with { Type = EventType.Impression };

        Assert.Equal([1, 3], late.GetOrAddUser(0).RecentItems.ToArray());
        Assert.Equal([1, 2, 3], sorted.GetOrAddUser(0).RecentItems.ToArray());
        foreach (var name in new[] { "user_clicks_1d", "user_clicks_7d", "user_clicks_all", "user_positives_30d",
            "user_hours_since_event" })
            Assert.Equal(FeatureLogs.Value(FeatureLogs.Row(sorted, now), name), FeatureLogs.Value(FeatureLogs.Row(late, now), name), 5);

        static LogEvent At(int hour, int item) => new(FeatureLogs.Start + hour * 3_600_000L, 0, item, EventType.Click);
    }

    private static ItemColumns Many { get; } = ItemColumns.Of(ItemCatalog.Create(Enumerable.Range(0, 500).Select(i =>
        new Item { Id = $"{i}", Title = "t", Category = $"c{i % 60}", Creator = $"m{i}", DurationSeconds = i, Price = i })));

    private static byte[] Bytes(UserState state)
    {
        var bytes = new byte[state.ByteCount];
        state.Write(bytes);
        return bytes;
    }
}
