using RecSys.Core.Domain;

namespace RecSys.Core.Import.Files;

/// <summary>
/// Reads the elements of a JSON array one by one as bytes, in bounded memory; what an element is worth is judged by whoever parses it. An
/// element ends where its brackets are closed, so that a malformed one does not take its neighbours along.
/// </summary>
internal sealed class JsonElementReader : IDisposable
{
    private const int MaxElement = 1 << 20;

    private readonly ImportInput stream;
    private readonly string path;
    private byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long line = 1;
    private bool first = true;

    /// <exception cref="RecSysException">The file is no text.</exception>
    internal JsonElementReader(string path)
    {
        this.path = path;
        stream = ImportInput.OpenText(path);
        Fill();
        if (buffer.AsSpan(0, end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) at = 3;
    }

    internal long? Length => stream.FileLength;
    internal long Position => stream.FilePosition;

    /// <summary>Line on which the current element begins, from 1.</summary>
    internal long Line { get; private set; }

    /// <summary>True when the first character of the file that is no space opens an array.</summary>
    internal static bool IsArray(string path)
    {
        // A pipe can be read only once; what comes through it is taken for lines.
        if (!File.Exists(path)) return false;
        using var input = ImportInput.OpenText(path);
        Span<byte> some = stackalloc byte[4096];
        while (input.Read(some) is > 0 and var read)
        {
            ReadOnlySpan<byte> text = some[..read];
            if (text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) text = text[3..];
            text = text.TrimStart(" \t\r\n"u8);
            if (!text.IsEmpty) return text[0] == (byte)'[';
        }
        return false;
    }

    /// <summary>The next element, valid until the next call; false behind the last.</summary>
    /// <exception cref="RecSysException">The array is not closed, or something stands behind or between its elements.</exception>
    internal bool TryRead(out ReadOnlySpan<byte> element)
    {
        element = default;
        if (first) Expect((byte)'[');
        var next = NextSign();
        if (next == ']')
        {
            at++;
            if (NextSign() >= 0) throw Broken("something stands behind the end of the array");
            return false;
        }
        if (!first)
        {
            if (next != ',') throw Broken("a comma or the end of the array is missing");
            at++;
            next = NextSign();
        }
        first = false;
        if (next is < 0 or ',' or ']' or '}') throw Broken("an element is missing");
        Line = line;
        var length = Measure();
        element = buffer.AsSpan(at, length);
        line += element.Count((byte)'\n');
        at += length;
        return true;
    }

    public void Dispose() => stream.Dispose();

    // Bytes of the element that begins here: to the bracket that closes it, or for a plain value to what ends it.
    private int Measure()
    {
        var (depth, quoted, escaped) = (0, false, false);
        for (var length = 0; ; length++)
        {
            if (length > MaxElement) throw Broken($"an element is longer than {MaxElement} bytes");
            if (at + length == end && !Fill()) throw Broken("the array is not closed");
            var sign = buffer[at + length];
            if (escaped) escaped = false;
            else if (quoted) (escaped, quoted) = (sign == '\\', sign != '"');
            else if (sign == '"') quoted = true;
            else if (sign is (byte)'{' or (byte)'[') depth++;
            else if (sign is (byte)'}' or (byte)']')
            {
                if (depth == 0) return length;
                if (--depth == 0) return length + 1;
            }
            else if (depth == 0 && sign == ',') return length;
        }
    }

    private void Expect(byte sign)
    {
        if (NextSign() != sign) throw Broken("it does not begin with [");
        at++;
    }

    // The next byte that is no white space, or -1 at the end.
    private int NextSign()
    {
        while (at < end || Fill())
        {
            var sign = buffer[at];
            if (sign == '\n') line++;
            else if (sign is not ((byte)' ' or (byte)'\t' or (byte)'\r')) return sign;
            at++;
        }
        return -1;
    }

    private bool Fill()
    {
        if (at > 0)
        {
            buffer.AsSpan(at, end - at).CopyTo(buffer);
            (at, end) = (0, end - at);
        }
        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }

    private RecSysException Broken(string why) =>
        new($"{path} is not a JSON array: {why}, in line {line}. Nothing was imported.");
}
