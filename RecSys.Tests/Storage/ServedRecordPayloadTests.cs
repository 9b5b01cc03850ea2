using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Tests.Storage;

public sealed class ServedRecordPayloadTests
{
    // Served.Record("r") with an explored second place, as format 1 wrote it.
    private const string FormatOne =
        "01020E056E6F6E6508636F6E74726F6C03763107706F6C6963790000000000000000000000F83F80F8E4BE826700020003000101000000"
        + "3F000000000000D03F010003AC02000000003F0800000000000000000001019A9999999999893F";

    private static ServedRecord Before => Served.Record("r") with
    {
        Items =
        [
            Served.Record("r").Items[0],
            new ServedItem { Item = 300, RetrievalScore = 0.5f, RetrievalRank = 4, Slot = SlotKind.Explored, Propensity = 0.0125 },
        ],
    };

    // Format 2 differs where there are pools, and there are none.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_EarlierFormat_GivesTheRecordWithoutPoolsAndRules(byte format)
    {
        var bytes = Convert.FromHexString(FormatOne);
        bytes[0] = format;

        var record = ServedRecordPayload.Read("r", "u", Sample.Noon.ToUnixTimeMilliseconds(), bytes, new SharedTexts());

        Assert.Equal(Served.Text(Before), Served.Text(record));
    }

    [Fact]
    public void Write_PoolOfAHundredOfAMillion_TakesAboutTwoBytesAnItem()
    {
        var (random, with, without) = (new Random(1), new PayloadWriter(), new PayloadWriter());
        int[] pool = [.. Enumerable.Range(0, 99).Select(_ => random.Next(1_000_000)).Append(300).Distinct().Order()];
        ServedRecordPayload.Write(without, Before);
        ServedRecordPayload.Write(with, Before with { Items = [Before.Items[0], Before.Items[1] with { Pool = pool }] });

        Assert.InRange(with.Length - without.Length, 100, 260);
    }

    [Fact]
    public void Read_FormatOfALaterProgram_IsRefused()
    {
        var bytes = Convert.FromHexString(FormatOne);
        bytes[0] = 4;

        var failure = Assert.Throws<RecSysException>(() =>
            ServedRecordPayload.Read("r", "u", 0, bytes, new SharedTexts()));

        Assert.Contains("format 4", failure.Message, StringComparison.Ordinal);
    }
}
