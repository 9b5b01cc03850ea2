using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>
/// Takes the times of requests on the request's thread: some twenty interlocked additions, no lock, no wait, no allocation, whoever else
/// records or collects. <see cref="Collect"/> takes what was recorded, each request once and as a whole: none is lost or cut in two
/// however late its recorder comes.
/// </summary>
/// <remarks>
/// Two buffers and the writer-reader phaser of HdrHistogram (Tene, WriterReaderPhaser.java): a recorder enters and leaves a phase with one
/// addition each; who collects makes the other buffer the active one, begins a new phase and waits until all of the old one have left.
/// 11 series of 2,048 counts, twice: 180 KB.
/// </remarks>
internal sealed class LatencyRecorder
{
    private readonly Lock collecting = new();
    private Buffer active = new();
    private Buffer idle = new();

    // Phases take turns: one counts from 0, the other from the smallest number.
    private long entered;
    private long leftEven;
    private long leftOdd = long.MinValue;

    /// <summary>Records a request.</summary>
    /// <param name="total">From its first byte to its response, nanoseconds.</param>
    /// <param name="parts">Of it by <see cref="RequestPart"/>, nanoseconds.</param>
    /// <param name="failed">True when it failed.</param>
    public void Record(long total, ReadOnlySpan<long> parts, bool failed)
    {
        var phase = Interlocked.Increment(ref entered);
        try
        {
            var buffer = Volatile.Read(ref active);
            buffer.Add(RequestLatencies.Total, total);
            var rest = total;
            for (var part = 0; part < RequestParts.Count; part++)
            {
                buffer.Add(part + 1, parts[part]);
                rest -= parts[part];
            }
            buffer.Add(RequestLatencies.Rest, rest);
            if (failed) Interlocked.Increment(ref buffer.Failures);
        }
        finally
        {
            Leave(phase);
        }
    }

    /// <summary>Records a request that failed before any stage ran: it has no time.</summary>
    public void Shed()
    {
        var phase = Interlocked.Increment(ref entered);
        Interlocked.Increment(ref Volatile.Read(ref active).Shed);
        Leave(phase);
    }

    /// <summary>Records a request that was refused because of what it was.</summary>
    public void Refuse()
    {
        var phase = Interlocked.Increment(ref entered);
        Interlocked.Increment(ref Volatile.Read(ref active).Refusals);
        Leave(phase);
    }

    /// <summary>Moves what was recorded so far into <paramref name="into"/>.</summary>
    public void Collect(RequestLatencies into)
    {
        lock (collecting)
        {
            var recorded = active;
            Volatile.Write(ref active, idle);
            WaitForThoseInside();
            idle = recorded;
            for (var series = 0; series < RequestLatencies.Series; series++)
                into[series].Take(recorded.CountsOf(series), ref recorded.Sums[series]);
            into.Failures += recorded.Failures + recorded.Shed;
            into.Shed += recorded.Shed;
            into.Refusals += recorded.Refusals;
            (recorded.Failures, recorded.Shed, recorded.Refusals) = (0, 0, 0);
        }
    }

    private void Leave(long phase) => Interlocked.Increment(ref phase < 0 ? ref leftOdd : ref leftEven);

    private void WaitForThoseInside()
    {
        var nextIsEven = Volatile.Read(ref entered) < 0;
        var first = nextIsEven ? 0 : long.MinValue;
        Volatile.Write(ref nextIsEven ? ref leftEven : ref leftOdd, first);
        var last = Interlocked.Exchange(ref entered, first);
        var waiting = new SpinWait();
        while (Volatile.Read(ref nextIsEven ? ref leftOdd : ref leftEven) != last) waiting.SpinOnce();
    }

    private sealed class Buffer
    {
        public readonly long[] Sums = new long[RequestLatencies.Series];
        public long Failures;
        public long Shed;
        public long Refusals;
        private readonly int[] counts = new int[RequestLatencies.Series * LatencyScale.Buckets];

        public Span<int> CountsOf(int series) => counts.AsSpan(series * LatencyScale.Buckets, LatencyScale.Buckets);

        public void Add(int series, long nanoseconds)
        {
            Interlocked.Increment(ref counts[series * LatencyScale.Buckets + LatencyScale.BucketOf(nanoseconds)]);
            Interlocked.Add(ref Sums[series], nanoseconds);
        }
    }
}
