using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>Reads stored contents as a whole, and says of damage that it is some.</summary>
internal static class StoredForm
{
    public delegate T Reading<T>(ref RecordReader reader);

    /// <exception cref="InvalidDataException">It ends too early, or has more than belongs there.</exception>
    public static T Read<T>(ReadOnlySpan<byte> bytes, Reading<T> read)
    {
        var reader = new RecordReader(bytes);
        T value;
        try
        {
            value = read(ref reader);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("It ends too early.", exception);
        }
        return reader.Rest.IsEmpty ? value : throw new InvalidDataException("There is more than belongs there.");
    }
}
