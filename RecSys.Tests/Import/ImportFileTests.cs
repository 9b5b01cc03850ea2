using System.IO.Compression;
using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.Files;
using ZstdSharp;

namespace RecSys.Tests.Import;

/// <summary>Files packed, in folders, in part, or of another kind altogether.</summary>
public sealed class ImportFileTests : FormatTest
{
    [Fact]
    public async Task Zstd_IsUnpacked()
    {
        var path = Source["rows.csv.zst"];
        await using (var packed = new CompressionStream(File.Create(path), leaveOpen: false))
            await packed.WriteAsync(Encoding.UTF8.GetBytes($"{Header}\nu,i,click,1700000000\n"), Ct);

        Assert.Equal(1, (await ImportAsync([path])).Events[EventType.Click]);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    public async Task PackedFile_CutOffAnywhere_IsNeverTakenForAShorterOne(string ending)
    {
        var rows = Enumerable.Range(0, 2_000).Select(i => $"u{i * 7919},i,click,{1700000000 + i * 31}\n");
        var content = Encoding.UTF8.GetBytes($"{Header}\n{string.Concat(rows)}");
        using var packed = new MemoryStream();
        await using (Stream packing = ending == "gz" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new CompressionStream(packed, leaveOpen: true))
            await packing.WriteAsync(content, Ct);
        var bytes = packed.ToArray();
        var path = Source[$"rows.csv.{ending}"];
        foreach (var kept in (int[])[bytes.Length - 1, bytes.Length - 8, bytes.Length - 9, bytes.Length / 2, 40])
        {
            await File.WriteAllBytesAsync(path, bytes[..kept], Ct);

            var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync([path]));

            Assert.Contains("not copied to its end", failure.Message, StringComparison.Ordinal);
        }
        await AssertEmptyAsync();
        await File.WriteAllBytesAsync(path, bytes, Ct);
        Assert.Equal(2_000, (await ImportAsync([path])).Kept);
    }

    [Theory]
    [InlineData("gz", "u,i,click,1700000009\n")]
    [InlineData("gz", "x")]
    [InlineData("zst", "u,i,click,1700000009\n")]
    [InlineData("zst", "x")]
    public async Task PackedFile_WithSomethingBehindItsEnd_IsRefused(string ending, string rest)
    {
        var path = Source[$"rows.csv.{ending}"];
        await File.WriteAllBytesAsync(path, [.. await PackedAsync(ending), .. Encoding.UTF8.GetBytes(rest)], Ct);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync([path]));

        Assert.Contains("behind its end", failure.Message, StringComparison.Ordinal);
        await AssertEmptyAsync();
    }

    // Wherever the reader's buffers end, by the runtime's own gzip.
    [Fact]
    public void Gzip_MembersOfAnyLengthInPiecesOfAnyLength_IsWhatWasPackedAndNothingBehindItPasses()
    {
        var random = new Random(3);
        for (var round = 0; round < 60; round++)
        {
            using var packed = new MemoryStream();
            using var plain = new MemoryStream();
            for (var members = random.Next(1, 4); members > 0; members--)
            {
                var content = new byte[random.Next(0, 200_000)];
                random.NextBytes(content.AsSpan(0, content.Length / 2));
                plain.Write(content);
                using var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
                packing.Write(content);
            }
            var bytes = packed.ToArray();
            var piece = random.Next(3) == 0 ? random.Next(1, 12) : random.Next(1, 70_000);

            Assert.Equal(plain.ToArray(), Unpacked(bytes, piece));
            Assert.Throws<InvalidDataException>(() => Unpacked([.. bytes, (byte)random.Next(1, 256)], piece));
            if (bytes.Length > 0) Assert.ThrowsAny<IOException>(() => Unpacked(bytes[..^random.Next(1, 9)], piece));
        }

        static byte[] Unpacked(byte[] bytes, int piece)
        {
            using var stream = new GzipStream(new Dribble(bytes, piece));
            using var all = new MemoryStream();
            stream.CopyTo(all, piece);
            return all.ToArray();
        }
    }

    // As a pipe does, it gives few bytes at once.
    private sealed class Dribble(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
    }

    [Fact]
    public async Task Gzip_FilledUpWithZeros_IsReadAsItIs()
    {
        var path = Source["rows.csv.gz"];
        await File.WriteAllBytesAsync(path, [.. await PackedAsync("gz"), .. new byte[200_000]], Ct);

        Assert.Equal(1, (await ImportAsync([path])).Kept);
    }

    [Theory]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Json)]
    [InlineData(RecordFormat.Parquet)]
    public async Task NamedPipe_WithoutAWriter_IsRefusedAndNotWaitedFor(RecordFormat format)
    {
        var path = Source["pipe"];
        using (var made = System.Diagnostics.Process.Start("mkfifo", path)) await made.WaitForExitAsync(Ct);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync([path], RecordKind.Events, format));

        Assert.Contains("named pipe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_LongerThanAllowed_IsRefusedWithItsLineAndTheLimit()
    {
        var message = await FailureAsync($"id,title\na,short\nb,{new string('x', 1_100_000)}\nc,short\n", RecordKind.Items);

        Assert.Contains("line 3: one row is longer than the 1,048,576 bytes (1 MiB)", message, StringComparison.Ordinal);
        Assert.Equal(0, (await Database.Contents.CountAsync(Ct)).Events);
    }

    [Fact]
    public void TemporaryFile_OnAFullDisk_SaysSoOnceAndIsClosed()
    {
        // This device takes nothing, as a full disk does.
        var writer = new SpoolWriter("/dev/full");

        var failure = Assert.Throws<RecSysException>(() =>
        {
            for (var n = 0; n < 100; n++) writer.Write(new byte[10_000]);
        });

        Assert.Contains("Free some space and start the import again", failure.Message, StringComparison.Ordinal);
        writer.Dispose();
        Assert.Throws<RecSysException>(() =>
        {
            using var small = new SpoolWriter("/dev/full");
            small.Write(new byte[10]);
        });
    }

    private static async Task<byte[]> PackedAsync(string ending)
    {
        using var packed = new MemoryStream();
        await using (Stream packing = ending == "gz" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new CompressionStream(packed, leaveOpen: true))
            await packing.WriteAsync(Encoding.UTF8.GetBytes($"{Header}\nu,i,click,1700000000\n"), Ct);
        return packed.ToArray();
    }

    [Fact]
    public async Task Gzip_OfSeveralMembers_IsReadToItsEnd()
    {
        var path = Source["rows.csv.gz"];
        await using (var file = File.Create(path))
        {
            foreach (var part in (string[])[$"{Header}\nu,i,click,1700000000\n", "v,i,click,1700000000\n"])
            {
                await using var packing = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
                await packing.WriteAsync(Encoding.UTF8.GetBytes(part), Ct);
            }
        }

        Assert.Equal(2, (await ImportAsync([path])).Kept);
    }

    [Fact]
    public async Task Paths_FolderPatternAndFiles_AreOneImport()
    {
        Directory.CreateDirectory(Source["logs"]);
        Source.Write("logs/a.csv", $"{Header}\na,i,click,1700000000\n");
        Source.Write("logs/b.csv", $"{Header}\nb,i,click,1700000001\n");
        Source.Write("logs/readme.md", "no rows");
        var single = Source.Write("c.csv", $"{Header}\nc,i,click,1700000002\n");

        Assert.Equal(2, (await ImportAsync([Source["logs"]])).Events[EventType.Click]);
        Assert.Equal(2, (await ImportAsync([Source["logs/*.csv"]])).Duplicates);
        Assert.Equal((2, 1), await ImportAsync([Source["logs/?.csv"], single]) is var all ? (all.Duplicates, all.Events[EventType.Click])
            : default);
        Assert.Contains("There is no file for", (await Assert.ThrowsAsync<RecSysException>(() =>
            ImportAsync([Source["logs/*.tsv"]]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_SaysWhatWouldComeInAndStoresNothing()
    {
        var report = await ImportAsync($"{Header}\nu,i,click,1700000000\nu,x,view,1700000001\n", with: options =>
            options with { DryRun = true });

        Assert.Equal((1, 1, true), (report.Events[EventType.Click], report.UnknownItems!.Events, report.DryRun));
        Assert.Equal("type=click, user_id=u, item_id=i, time=2023-11-14T22:13:20.000Z", report.FirstRows[0].Split(", id=")[0]);
        Assert.Equal((0, 0), await Database.Contents.CountAsync(Ct) is var counts ? (counts.Events, counts.Parked) : default);
    }

    [Theory]
    [InlineData("PAR1", "Parquet")]
    [InlineData("PK\u0003\u0004", "ZIP")]
    [InlineData("SQLite format 3\0", "SQLite")]
    [InlineData("id\nab\0c\n", "byte 5 (in line 2) is 0x00")]
    public async Task BinaryFile_IsRefusedWithWhatItIs(string content, string what) =>
        Assert.Contains(what, await FailureAsync(content, RecordKind.Items), StringComparison.Ordinal);

    [Fact]
    public async Task Utf16_IsRefusedWithTheCommandThatHelps()
    {
        await File.WriteAllTextAsync(Source["rows.csv"], "id\na\n", Encoding.Unicode, Ct);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => ImportAsync([Source["rows.csv"]], RecordKind.Items));

        Assert.Contains("iconv", failure.Message, StringComparison.Ordinal);
    }
}
