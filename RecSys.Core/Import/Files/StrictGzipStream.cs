using ICSharpCode.SharpZipLib.GZip;

namespace RecSys.Core.Import.Files;

/// <summary>
/// Unpacks gzip members one behind the other. What stands behind the last and is none would be passed over by the library; here it is an
/// error, but for zeros, with which tapes and some tools fill up.
/// </summary>
internal sealed class StrictGzipStream(Stream packed, int bufferBytes) : GZipInputStream(packed, bufferBytes)
{
    private const byte FirstOfHeader = 0x1F;

    private bool hasBegun;

    /// <exception cref="InvalidDataException">Something that is no member stands behind one.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        // The inflater is as new behind the end of a member.
        if (hasBegun && inf.TotalIn == 0 && inf.RemainingInput == 0 && !HasNextMember()) return 0;
        hasBegun = true;
        return base.Read(buffer, offset, count);
    }

    private bool HasNextMember()
    {
        while (true)
        {
            if (inputBuffer.Available <= 0) inputBuffer.Fill();
            if (inputBuffer.Available <= 0) return false;
            var rest = inputBuffer.RawData.AsSpan(inputBuffer.RawLength - inputBuffer.Available, inputBuffer.Available);
            if (rest[0] == FirstOfHeader) return true;
            if (rest.ContainsAnyExcept((byte)0))
                throw new InvalidDataException("bytes that are not packed stand behind the end of its packed content.");
            inputBuffer.Available = 0;
        }
    }
}
