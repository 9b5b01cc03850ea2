using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace RecSys.Core.Import.Files;

/// <summary>
/// Unpacks gzip members one behind the other (RFC 1952), strictly: each with its checksum and length, to its end. What stands behind the
/// last and is none is an error, but for zeros, with which tapes and some tools fill up.
/// </summary>
internal sealed class GzipStream(Stream packed) : Stream
{
    private const int HasHeaderChecksum = 2, HasExtra = 4, HasName = 8, HasComment = 16;

    private const int MostGivenBack = 8;

    private readonly Inflater inflater = new(noHeader: true);
    private readonly Crc32 checksum = new();
    private readonly byte[] input = new byte[1 << 16];
    private int at;
    private int end;
    private long unpacked;
    private bool hadMember;
    private bool inMember;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">It is damaged, or something else stands behind it.</exception>
    /// <exception cref="EndOfStreamException">It ends within a member.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (count == 0) return 0;
        while (inMember || TryReadHeader())
        {
            var read = inflater.Inflate(buffer, offset, count);
            checksum.Update(new ArraySegment<byte>(buffer, offset, read));
            unpacked += read;
            if (inflater.IsFinished) FinishMember();
            else if (read == 0) GiveInput();
            if (read > 0) return read;
        }
        return 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool TryReadHeader()
    {
        var first = Next();
        var filled = false;
        while (hadMember && first == 0) (filled, first) = (true, Next());
        if (first < 0) return false;
        if (filled || first != 0x1F || Next() != 0x8B)
            throw new InvalidDataException("bytes that are not packed stand behind the end of its packed content.");
        if (Needed() != Deflater.DEFLATED) throw new InvalidDataException("it is not packed by deflate.");
        var flags = Needed();
        // Time, what packed it, and on what.
        Skip(6);
        if ((flags & HasExtra) != 0) Skip(Needed() | (Needed() << 8));
        if ((flags & HasName) != 0) SkipText();
        if ((flags & HasComment) != 0) SkipText();
        if ((flags & HasHeaderChecksum) != 0) Skip(2);
        inflater.Reset();
        checksum.Reset();
        (unpacked, inMember, hadMember) = (0, true, true);
        return true;
    }

    // Only when it got nowhere without: bits that it still holds would run over.
    private void GiveInput()
    {
        if (!inflater.IsNeedingInput) throw new InvalidDataException("it needs a dictionary.");
        if (at == end && !Fill()) throw CutOff();
        inflater.SetInput(input, at, end - at);
        at = end;
    }

    private void FinishMember()
    {
        at = end - inflater.RemainingInput;
        inMember = false;
        if (Number() != (uint)checksum.Value) throw new InvalidDataException("its checksum does not agree with its content.");
        if (Number() != (uint)unpacked) throw new InvalidDataException("its length does not agree with its content.");
    }

    private uint Number() => (uint)(Needed() | (Needed() << 8) | (Needed() << 16)) | ((uint)Needed() << 24);

    private void Skip(int bytes)
    {
        for (; bytes > 0; bytes--) Needed();
    }

    private void SkipText()
    {
        while (Needed() != 0)
        {
        }
    }

    private int Needed() => Next() is >= 0 and var value ? value : throw CutOff();

    // -1 at the end.
    private int Next() => at < end || Fill() ? input[at++] : -1;

    private bool Fill()
    {
        // The inflater may give back whole bytes that it holds of the piece before.
        var kept = Math.Min(MostGivenBack, end);
        input.AsSpan(end - kept, kept).CopyTo(input);
        at = kept;
        end = kept + packed.Read(input, kept, input.Length - kept);
        return end > at;
    }

    private static EndOfStreamException CutOff() => new("it ends within its packed content.");
}
