using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class ItemStateFormatTests
{
    [Fact]
    public void Read_OfWritten_IsTheSameState() => FeatureLogs.Any.Sample(events =>
    {
        var states = FeatureLogs.Fold(events).ItemStates;
        foreach (var item in Enumerable.Range(0, FeatureLogs.Items.Count))
        {
            var bytes = Bytes(states.Read(item));
            Assert.InRange(bytes.Length, 1, 256);
            var read = ItemStateFormat.Read(bytes);
            Assert.Equal(bytes, Bytes(read));
            Assert.Equal(states.Read(item).ClockMs, read.ClockMs);
            Assert.Equal(states.Read(item).Impressions, read.Impressions);
            Assert.Equal(states.Read(item).PositionCount, read.PositionCount);
        }
    }, iter: 100);

    [Fact]
    public void Read_AnyBitChanged_IsRefused() => Gen.Int[0, 8 * ItemStateFormat.ByteCount - 1].Sample(bit =>
    {
        var bytes = Clicked();
        bytes[bit >> 3] ^= (byte)(1 << (bit & 7));

        Assert.Contains("event log", Assert.Throws<RecSysException>(() => ItemStateFormat.Read(bytes)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Read_CutShort_IsRefused() => Gen.Int[0, ItemStateFormat.ByteCount - 1].Sample(length =>
        Assert.Contains("delete it", Assert.Throws<RecSysException>(() => ItemStateFormat.Read(Clicked().AsSpan(0, length))).Message, StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Read_OtherVersion_IsRefused()
    {
        var bytes = Clicked();
        bytes[0]++;

        Assert.Contains($"format {ItemStateFormat.Version + 1}", Assert.Throws<RecSysException>(() => ItemStateFormat.Read(bytes)).Message, StringComparison.Ordinal);
    }

    private static byte[] Clicked() => Bytes(FeatureLogs.Fold([new LogEvent(FeatureLogs.Start, 0, 1, EventType.Impression), new LogEvent(FeatureLogs.Start, 0, 1, EventType.Click)]).ItemStates.Read(1));

    private static byte[] Bytes(in ItemState state)
    {
        var bytes = new byte[ItemStateFormat.ByteCount];
        Assert.Equal(bytes.Length, ItemStateFormat.Write(in state, bytes));
        return bytes;
    }
}
