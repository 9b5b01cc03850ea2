namespace RecSys.Api.BulkJobs;

/// <summary>
/// Reads a file line by line as bytes. A line beyond the limit is passed over and said to be too long; memory stays as it is.
/// </summary>
internal sealed class JsonLineReader : IDisposable
{
    private readonly FileStream stream;
    private readonly byte[] buffer;
    private readonly int maxLine;
    private int start;
    private int end;
    private bool ended;

    /// <param name="path">The file.</param>
    /// <param name="maxLine">Most bytes of a line, its end left out.</param>
    public JsonLineReader(string path, int maxLine)
    {
        this.maxLine = maxLine;
        buffer = new byte[Math.Max(2 * maxLine, 1 << 17)];
        stream = new FileStream(path,
            new FileStreamOptions { Access = FileAccess.Read, Options = FileOptions.SequentialScan, BufferSize = 0 });
    }

    /// <summary>Number of the line read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Bytes behind that line.</summary>
    public long Position { get; private set; }

    /// <summary>The next line that is not blank, without its end (LF or CRLF).</summary>
    /// <param name="line">Empty for a line that is too long; valid until the next call.</param>
    /// <returns>False behind the last line.</returns>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        while (TryTake(out line, out var tooLong))
        {
            Line++;
            if (tooLong || !line.Span.Trim(" \t\r"u8).IsEmpty) return true;
        }
        return false;
    }

    public void Dispose() => stream.Dispose();

    private bool TryTake(out ReadOnlyMemory<byte> line, out bool tooLong)
    {
        tooLong = false;
        var searched = 0;
        while (true)
        {
            var pending = buffer.AsSpan(start, end - start);
            var at = pending[searched..].IndexOf((byte)'\n');
            if (at >= 0 || ended)
            {
                var length = at >= 0 ? searched + at : pending.Length;
                if (at < 0 && length == 0 && !tooLong)
                {
                    line = default;
                    return false;
                }
                tooLong |= length > maxLine;
                line = tooLong ? default : buffer.AsMemory(start, length).Trim((byte)'\r');
                Consume(length + (at >= 0 ? 1 : 0));
                return true;
            }
            searched = pending.Length;
            if (searched > maxLine)
            {
                tooLong = true;
                Consume(searched);
                searched = 0;
            }
            Fill();
        }
    }

    private void Consume(int bytes)
    {
        start += bytes;
        Position += bytes;
    }

    private void Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        ended = read == 0;
    }
}
