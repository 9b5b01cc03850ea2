using System.Text;
using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Import;

public sealed class LineReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private List<string> Read(string content)
    {
        using var reader = new LineReader(folder.Write("lines", content));
        var lines = new List<string>();
        while (reader.TryRead(out var line)) lines.Add(Encoding.UTF8.GetString(line));
        Assert.Equal(((long)lines.Count, reader.Length!.Value), (reader.Line, reader.Position));
        return lines;
    }

    [Fact]
    public void TryRead_AnyLines_EqualsTheLinesOfTheFramework()
    {
        // Lengths around the 64 KiB buffer.
        var line = Gen.Select(Gen.OneOf(Gen.Int[0, 5], Gen.Int[65_530, 65_540], Gen.Int[0, 200_000]), Gen.Char['a', 'z'], (length, c) =>
            new string(c, length));
        Gen.Select(line.Array[0, 6], Gen.OneOf(Gen.Const("\n"), Gen.Const("\r\n")), Gen.Bool).Sample((lines, end, closed) =>
        {
            var content = string.Join(end, lines) + (closed ? end : "");
            var expected = new List<string>();
            using (var reader = new StringReader(content))
            {
                while (reader.ReadLine() is { } next) expected.Add(next);
            }
            Assert.Equal(expected, Read(content));
        }, iter: 60, threads: 1);
    }

    [Fact]
    public void TryRead_ByteOrderMark_IsSkipped() => Assert.Equal(["a", "b"], Read("\ufeffa\nb"));

    [Fact]
    public void TryRead_EndlessLine_IsRefused()
    {
        var failure = Assert.Throws<RecSysException>(() => Read(new string('x', 3_000_000)));

        Assert.Contains("longer than", failure.Message, StringComparison.Ordinal);
    }
}
