using RecSys.Core.Domain;

namespace RecSys.Core.Import.Files;

/// <summary>Reads a text file line by line as bytes, so that each format can judge the encoding of each line.</summary>
internal sealed class LineReader : IDisposable
{
    private const int MaxLine = 1 << 20;

    private readonly ImportInput stream;
    private readonly string path;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool ended;

    internal LineReader(string path)
    {
        this.path = path;
        stream = ImportInput.OpenText(path);
        Fill();
        // A byte order mark is no part of the first line.
        if (buffer.AsSpan(0, end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) start = 3;
    }

    /// <summary>Size of the file in bytes, packed as it is; null for a pipe.</summary>
    internal long? Length => stream.FileLength;

    /// <summary>Bytes of the file that were read, some of them ahead of the line.</summary>
    internal long Position => stream.FilePosition;

    /// <summary>Number of the line read last, from 1.</summary>
    internal long Line { get; private set; }

    /// <summary>The next line without its end (LF or CRLF), valid until the next call; false behind the last.</summary>
    /// <exception cref="RecSysException">A line is longer than 1 MiB.</exception>
    internal bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var pending = buffer.AsSpan(start, end - start);
            var at = pending[searched..].IndexOf((byte)'\n');
            if (at >= 0) return Take(pending[..(searched + at)], 1, out line);
            if (ended)
            {
                line = default;
                return !pending.IsEmpty && Take(pending, 0, out line);
            }
            searched = pending.Length;
            if (searched > MaxLine)
                throw new RecSysException($"Line {Line + 1} of {path} is longer than {MaxLine} bytes; this is not a text file of rows.");
            Fill();
        }
    }

    public void Dispose() => stream.Dispose();

    private bool Take(ReadOnlySpan<byte> pending, int terminator, out ReadOnlySpan<byte> line)
    {
        start += pending.Length + terminator;
        Line++;
        line = pending is [.., (byte)'\r'] ? pending[..^1] : pending;
        return true;
    }

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        ended = read == 0;
    }
}
