using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class UserRecordFormatTests
{
    [Fact]
    public void Read_OfWritten_IsTheSameUser() => Gen.Select(FeatureLogs.Any, Gen.Long).Sample((events, position) =>
    {
        var (state, seen) = Fold(events);
        var bytes = UserRecordFormat.Write(position, state, seen);
        var (readState, readSeen) = Fold(FoldLogs.Mixed(200));

        Assert.Equal(position, UserRecordFormat.Read(bytes, readState, readSeen));
        Assert.Equal(ContributionTests.Bytes(state), ContributionTests.Bytes(readState));
        Assert.Equal(seen.Entries(), readSeen.Entries());
        Assert.Equal(bytes, UserRecordFormat.Write(position, readState, readSeen));
    }, iter: 100);

    [Fact]
    public void Write_WidestNumbers_StaysWithinTheStatedMost()
    {
        var seen = new SeenRecord();
        for (var i = 0; i < SeenRecord.Capacity; i++)
        {
            var item = (int)(i * (long)(int.MaxValue - 1) / SeenRecord.Capacity);
            seen.Shown(item, i % 2 == 0 ? 1000 : uint.MaxValue * 1000L);
            seen.Consumed(item, uint.MaxValue * 1000L - i);
            seen.Rejected(item);
        }
        var bytes = UserRecordFormat.Write(long.MaxValue, new UserState(), seen);
        var read = new SeenRecord();
        UserRecordFormat.Read(bytes, new UserState(), read);

        Assert.InRange(bytes.Length, SeenRecord.Capacity * 10, UserRecordFormat.MaxByteCount);
        Assert.Equal(seen.Entries(), read.Entries());
    }

    [Fact]
    public void Write_FullRecordOfAYear_TakesAboutEightBytesAnItem()
    {
        var (random, seen) = (new Random(1), new SeenRecord());
        for (var i = 0; i < SeenRecord.Capacity; i++)
            seen.Shown(random.Next(10_000_000), FeatureLogs.Start + random.NextInt64(31_000_000_000));

        Assert.InRange(UserRecordFormat.Write(1, new UserState(), seen).Length, SeenRecord.Capacity * 6, SeenRecord.Capacity * 8 + 500);
    }

    [Fact]
    public void Read_StoredRecord_ForgetsTheSameWhenItIsFull()
    {
        var seen = new SeenRecord();
        for (var i = SeenRecord.Capacity - 1; i >= 0; i--) seen.Shown(i * 31 % 50_021, 1_000_000_000);
        var read = new SeenRecord();
        UserRecordFormat.Read(UserRecordFormat.Write(1, new UserState(), seen), new UserState(), read);

        seen.Shown(99_999, 2_000_000_000);
        read.Shown(99_999, 2_000_000_000);

        Assert.Equal(seen.Entries(), read.Entries());
    }

    [Fact]
    public void Read_AnyBitChanged_IsRefused()
    {
        var (state, seen) = Fold(FoldLogs.Mixed(100));
        var bytes = UserRecordFormat.Write(77, state, seen);
        Gen.Int[0, bytes.Length * 8 - 1].Where(bit => bit >> 3 is < 2 or > 3).Sample(bit =>
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.Contains("event log",
                Assert.Throws<RecSysException>(() => UserRecordFormat.Read(damaged, new UserState(), new SeenRecord())).Message,
                StringComparison.Ordinal);
        }, iter: 300);
    }

    [Fact]
    public void Read_AnyBytesUnderARightChecksum_ReadsOrSaysWhatIsWrong()
    {
        var (state, seen) = Fold(FoldLogs.Mixed(100));
        var whole = UserRecordFormat.Write(77, state, seen);
        Gen.Select(Gen.Byte.Array[1, 30], Gen.Int[16, whole.Length - 31], Gen.Int[20, whole.Length]).Sample((noise, at, length) =>
        {
            var bytes = (byte[])whole.Clone();
            noise.CopyTo(bytes, at);
            bytes = bytes[..length];
            BitConverter.TryWriteBytes(bytes.AsSpan(4), Checksum.Add(bytes.AsSpan(8)));
            var read = new SeenRecord();
            try
            {
                UserRecordFormat.Read(bytes, new UserState(), read);
                Assert.InRange(read.Count, 0, SeenRecord.Capacity);
            }
            catch (RecSysException error)
            {
                Assert.Contains("event log", error.Message, StringComparison.Ordinal);
            }
        }, iter: 1000);
    }

    private static (UserState State, SeenRecord Seen) Fold(LogEvent[] events)
    {
        var (state, seen) = (new UserState(), new SeenRecord());
        foreach (var e in events)
        {
            FeatureLogs.Apply(state, e, FoldLogs.Facts);
            seen.Apply(in e);
        }
        return (state, seen);
    }
}
