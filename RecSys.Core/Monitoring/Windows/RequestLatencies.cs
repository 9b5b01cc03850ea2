using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>What requests of some time took: in total, in each part, and the rest that belongs to no part. Not thread-safe.</summary>
internal sealed class RequestLatencies
{
    /// <summary>Series of a request: total, the parts, rest.</summary>
    public const int Series = RequestParts.Count + 2;

    /// <summary>Place of the total; the parts follow it.</summary>
    public const int Total = 0;

    /// <summary>Place of the rest.</summary>
    public const int Rest = Series - 1;

    private readonly LatencySketch[] sketches = [.. Enumerable.Range(0, Series).Select(_ => new LatencySketch())];

    /// <summary>Requests that failed or were shed; they are among all.</summary>
    public long Failures { get; set; }

    /// <summary>Requests that failed before any stage ran; they are among the failures, and have no time.</summary>
    public long Shed { get; set; }

    /// <summary>Requests that were refused because of what they were; they are in no other figure.</summary>
    public long Refusals { get; set; }

    /// <summary>Number of requests, all but the refused ones.</summary>
    public long Requests => sketches[Total].Count + Shed;

    /// <summary>True when nothing came at all.</summary>
    public bool IsEmpty => Requests == 0 && Refusals == 0;

    /// <summary>The durations of a series.</summary>
    public LatencySketch this[int series] => sketches[series];

    /// <summary>Stored form.</summary>
    public byte[] ToBytes(RecordWriter writer)
    {
        writer.Clear();
        writer.Int64(Failures);
        writer.Int64(Shed);
        writer.Int64(Refusals);
        foreach (var sketch in sketches) sketch.Write(writer);
        return writer.Written.ToArray();
    }

    /// <summary>Adds a stored form.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public void Add(ReadOnlySpan<byte> stored)
    {
        StoredForm.Read(stored, (ref RecordReader reader) =>
        {
            Failures += reader.Int64();
            Shed += reader.Int64();
            Refusals += reader.Int64();
            foreach (var sketch in sketches) sketch.Read(ref reader);
            return true;
        });
    }
}
