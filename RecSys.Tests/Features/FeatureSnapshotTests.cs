using System.Runtime.InteropServices;
using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class FeatureSnapshotTests
{
    [Fact]
    public void WriteTo_WhileTheFoldGoesOn_HoldsTheStateOfItsPosition()
    {
        var events = FoldLogs.Mixed(6000);
        var state = Fold(events.AsSpan(0, 3000));
        var expected = Written(Fold(events.AsSpan(0, 3000)), 3000);

        using var snapshot = state.BeginSnapshot(3000);
        var stream = new MemoryStream();
        var writes = 0;
        // Everything behind the position is folded between two writes of the snapshot, in all pages.
        var step = new SteppedStream(stream, () =>
        {
            if (writes++ == 1) Apply(state, events.AsSpan(3000));
        });
        snapshot.WriteTo(step, TestContext.Current.CancellationToken);

        Assert.True(writes > 2);
        Assert.Equal(expected, stream.ToArray());
        snapshot.Dispose();
        AssertSame(Fold(events), state);
    }

    [Fact]
    public void ReadFrom_OfWritten_FoldsOnAsIfNothingHadHappened() => Gen.Int[0, 3000].Sample(cut =>
    {
        var events = FoldLogs.Videos(500);
        cut = Math.Min(cut, events.Length);
        var whole = new FeatureState(FoldLogs.Items);
        var recorded = ContributionTests.Fold(whole, events);

        var read = FeatureState.ReadFrom(new MemoryStream(Written(Fold(events.AsSpan(0, cut)), cut)), FoldLogs.Items, out var position);
        for (var i = (int)position; i < events.Length; i++) read.ApplyShared(in events[i], in recorded[i]);

        Assert.Equal(cut, position);
        AssertSame(whole, read);
    }, iter: 10);

    [Fact]
    public void WriteTo_FewItemsOfMany_TakesRoomOnlyForThem()
    {
        var state = new FeatureState(FeatureLogs.Items);
        foreach (var item in (int[])[3, 5_000_000, 9_999_999]) state.Apply(new LogEvent(FeatureLogs.Start, 0, item, EventType.Click));
        var bytes = Written(state, 1);

        Assert.InRange(bytes.Length, 15_000, 20_000);
        var read = FeatureState.ReadFrom(new MemoryStream(bytes), FeatureLogs.Items, out _);
        Assert.Equal((1, 1, 0), (read.ItemStates.PositivesOf(9_999_999), read.ItemStates.PositivesOf(3), read.ItemStates.PositivesOf(4)));
        Assert.Equal(0.5f, read.ItemStates.Popularity.Percentile(1));
    }

    [Fact]
    public void ReadFrom_AnyBitChanged_IsRefusedByName()
    {
        var bytes = Written(Fold(FoldLogs.Mixed(500)), 500);
        Gen.Int[0, bytes.Length * 8 - 1].Sample(bit =>
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit >> 3] ^= (byte)(1 << (bit & 7));
            var message = Assert.Throws<RecSysException>(() => Read(damaged)).Message;
            Assert.StartsWith("The snapshot of the feature state is refused: ", message, StringComparison.Ordinal);
        }, iter: 300);
    }

    [Fact]
    public void ReadFrom_PageDamaged_NamesThePage()
    {
        var bytes = Written(Fold([new LogEvent(FeatureLogs.Start, 0, 300, EventType.Impression)]), 1);
        bytes[^30] ^= 1;

        Assert.Contains("chunk 1 of the item states (items 256 to 511): its checksum is wrong",
            Assert.Throws<RecSysException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFrom_CutShort_IsRefused()
    {
        var bytes = Written(Fold(FoldLogs.Mixed(200)), 200);
        Gen.Int[0, bytes.Length - 1].Sample(length =>
            Assert.Contains("the file ends there", Assert.Throws<RecSysException>(() => Read(bytes[..length])).Message,
                StringComparison.Ordinal), iter: 100);
    }

    [Fact]
    public void ReadFrom_OtherVersionOfItemStates_IsRefusedByName()
    {
        var bytes = Written(Fold(FoldLogs.Mixed(200)), 200);
        bytes[6]++;
        BitConverter.TryWriteBytes(bytes.AsSpan(20), Checksum.Add(bytes.AsSpan(0, 20)));

        Assert.Contains($"item states: it has version {SnapshotFormat.ItemVersion + 1}",
            Assert.Throws<RecSysException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BeginSnapshot_WithOneOpen_Throws()
    {
        var state = Fold(FoldLogs.Mixed(10));
        using (state.BeginSnapshot(1)) Assert.Throws<InvalidOperationException>(() => state.BeginSnapshot(2));

        state.BeginSnapshot(2).Dispose();
    }

    [Fact]
    public void BeginSnapshot_ManyEventsOnOnePage_CopiesItOnce()
    {
        var state = new FeatureState(FeatureLogs.Items);
        var click = new LogEvent(FeatureLogs.Start, 0, 3, EventType.Click);
        for (var i = 0; i < 100; i++) state.ApplyShared(in click, Contribution.None);
        using var snapshot = state.BeginSnapshot(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) state.ApplyShared(in click, Contribution.None);

        // One page of items; counters by group are not touched by an item without facts, or one page each.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 256 * 208, 256 * 208 + 6 * 256 * 40 + 1000);
    }

    private static FeatureState Fold(ReadOnlySpan<LogEvent> events)
    {
        var state = new FeatureState(FoldLogs.Items);
        Apply(state, events);
        return state;
    }

    private static void Apply(FeatureState state, ReadOnlySpan<LogEvent> events)
    {
        foreach (ref readonly var e in events) state.Apply(in e);
    }

    private static byte[] Written(FeatureState state, long position)
    {
        var stream = new MemoryStream();
        using (var snapshot = state.BeginSnapshot(position)) snapshot.WriteTo(stream, TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

    private static FeatureState Read(byte[] bytes) => FeatureState.ReadFrom(new MemoryStream(bytes), FoldLogs.Items, out _);

    private static void AssertSame(FeatureState expected, FeatureState actual)
    {
        Assert.Equal(Written(expected, 0), Written(actual, 0));
        for (var item = 0; item < FoldLogs.Items.Count; item++)
        {
            Assert.Equal(
                MemoryMarshal.AsBytes(new ReadOnlySpan<ItemState>(in expected.ItemStates.Peek(item))), MemoryMarshal.AsBytes(
                new ReadOnlySpan<ItemState>(in actual.ItemStates.Peek(item))));
            Assert.Equal(expected.ItemStates.Popularity.Percentile(item), actual.ItemStates.Popularity.Percentile(item));
        }
    }

    // Calls back before each write.
    private sealed class SteppedStream(Stream inner, Action before) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            before();
            inner.Write(buffer, offset, count);
        }
    }
}
