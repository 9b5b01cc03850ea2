using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Features;

public sealed class ItemColumnsTests
{
    [Fact]
    public void Facts_AfterAnyPuts_AreThoseOfTheLastItem() => Gen.Select(Gen.Int[0, 600], Sample.AnyItem).Array[1, 60].Sample(puts =>
    {
        var columns = new ItemColumns();
        var expected = new Dictionary<int, Item>();
        foreach (var (number, item) in puts)
        {
            columns.Put(number, ItemFacts.Of(item));
            expected[number] = item;
        }
        var stored = new MemoryStream();
        columns.Capture().Write(stored);
        stored.Position = 0;
        var copy = ItemColumns.Read(stored, "copy");

        Assert.Equal((expected.Keys.Max() + 1, expected.Keys.Max() + 1), (columns.Count, copy.Count));
        for (var number = -1; number < 1000; number++)
        {
            var facts = expected.TryGetValue(number, out var item) ? ItemFacts.Of(item) : ItemFacts.Unknown;
            AssertSame(facts, columns[number]);
            AssertSame(facts, copy[number]);
        }
    }, iter: 100);

    [Fact]
    public void Capture_ThenChanges_KeepsWhatWas()
    {
        var columns = ItemColumns.Of(FeatureLogs.Items);
        var captured = columns.Capture();

        columns.Put(3, ItemFacts.Of(FeatureLogs.Items[7]));
        columns.Put(12, ItemFacts.Of(FeatureLogs.Items[7]));

        AssertSame(ItemFacts.Of(FeatureLogs.Items[3]), captured[3]);
        AssertSame(ItemFacts.Of(FeatureLogs.Items[7]), columns[3]);
        Assert.Equal((12, 13), (captured.Count, columns.Count));
    }

    [Fact]
    public async Task Read_WhileItemsChange_IsOldOrNewAsAWhole()
    {
        var columns = new ItemColumns();
        for (var i = 0; i < 300; i++) columns.Put(i, Stamped(0));
        using var done = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(() =>
        {
            var reads = 0L;
            for (; !done.IsCancellationRequested; reads++)
            {
                if (reads == 1) begun.SetResult();
                var facts = columns[(int)(reads % 300)];
                Assert.Equal((facts.CreatedMs, facts.CreatedMs, facts.CreatedMs),
                    ((long)facts.LogPrice, (long)facts.DurationSeconds, facts.Category));
            }
            return reads;
        }, TestContext.Current.CancellationToken);

        // On a busy machine the reader may get its thread only after all rounds.
        await Task.WhenAny(begun.Task, reading);
        for (var round = 1; round < 200_000; round++) columns.Put(round * 7 % 300, Stamped(round));
        await done.CancelAsync();

        Assert.True(await reading > 0);

        static ItemFacts Stamped(int round) =>
            new() { CreatedMs = round, LogPrice = round, DurationSeconds = round, Category = (uint)round };
    }

    [Fact]
    public void Read_AnyByteChangedOrCut_IsRefusedByName()
    {
        var stored = new MemoryStream();
        ItemColumns.Of(FeatureLogs.Items).Write(stored);
        var bytes = stored.ToArray();

        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Int[0, 7], Gen.Bool).Sample((at, bit, cut) =>
        {
            var damaged = cut ? bytes[..at] : [.. bytes];
            if (!cut) damaged[at] ^= (byte)(1 << bit);

            Assert.Contains("facts.snapshot",
                Assert.Throws<RecSysException>(() => ItemColumns.Read(new MemoryStream(damaged), "facts.snapshot")).Message,
                StringComparison.Ordinal);
        }, iter: 1000);
    }

    [Fact]
    public void PutItem_ChangedItem_MovesItsFeatures()
    {
        var state = new FeatureState(FeatureLogs.Items);
        var at = new LogEvent(FeatureLogs.Start, 0, 1, EventType.Impression);
        var before = FeatureLogs.Value(FeatureLogs.Row(state, at), "item_attribute_0");

        state.PutItem(1,
            FeatureLogs.Items[1] with { Attributes = new Dictionary<string, AttributeValue> { ["size"] = AttributeValue.Of(12.5) } });

        Assert.Equal((float.NaN, 12.5f), (before, FeatureLogs.Value(FeatureLogs.Row(state, at), "item_attribute_0")));
    }

    private static void AssertSame(ItemFacts expected, ItemFacts actual)
    {
        Assert.Equal(
            (expected.CreatedMs, expected.Category, expected.Creator, expected.LogPrice, expected.LogDuration, expected.DurationSeconds),
            (actual.CreatedMs, actual.Category, actual.Creator, actual.LogPrice, actual.LogDuration, actual.DurationSeconds));
        for (var slot = 0; slot < ItemFacts.Slots; slot++) Assert.Equal(expected.Attributes[slot], actual.Attributes[slot]);
    }
}
