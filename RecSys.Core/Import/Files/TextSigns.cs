using System.Globalization;

namespace RecSys.Core.Import.Files;

/// <summary>Tells from its first bytes that a file is no text in UTF-8, and what it is instead.</summary>
internal static class TextSigns
{
    private static readonly (byte[] Magic, string What)[] Formats =
    [
        ([.. "PAR1"u8], "is a Parquet file; take import parquet."),
        ([.. "PK\u0003\u0004"u8], "is a ZIP file (or a spreadsheet, which is one); unpack it, or save the sheet as CSV in UTF-8."),
        ([.. "SQLite format 3"u8], "is an SQLite database; write its tables as CSV first."),
        ([.. "%PDF"u8], "is a PDF file; give a table of text."),
        ([.. "BZh"u8], "is packed with bzip2; pack it with gzip or zstd, or unpack it."),
        ([0xFD, .. "7zXZ"u8], "is packed with xz; pack it with gzip or zstd, or unpack it."),
        ([0xFF, 0xFE], "is text in UTF-16; convert it: iconv -f UTF-16 -t UTF-8."),
        ([0xFE, 0xFF], "is text in UTF-16; convert it: iconv -f UTF-16 -t UTF-8."),
    ];

    /// <summary>Null for what may be text; otherwise the rest of a sentence that begins with the file's name.</summary>
    internal static string? FindProblem(ReadOnlySpan<byte> head)
    {
        foreach (var (magic, what) in Formats)
        {
            if (head.StartsWith(magic)) return what;
        }
        var at = head.IndexOf((byte)0);
        // Some control characters occur in text; where every eighth byte is one, it is none.
        if (at < 0 && Controls(head) * 8 > head.Length) at = head.IndexOfAnyInRange((byte)1, (byte)8);
        if (at < 0) return null;
        var line = head[..at].Count((byte)'\n') + 1;
        return string.Create(CultureInfo.InvariantCulture,
            $"is no text file: byte {at} (in line {line}) is 0x{head[at]:X2}. Text must be UTF-8, plain or packed with gzip or zstd.");
    }

    private static int Controls(ReadOnlySpan<byte> head)
    {
        var count = 0;
        foreach (var value in head)
        {
            if (value is >= 1 and <= 8) count++;
        }
        return count;
    }
}
