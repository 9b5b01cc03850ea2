using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Positive events per segment and item, decayed. Free-text genders and the like could make segments without end: beyond 1,000 no new one
/// is counted.
/// </summary>
#pragma warning disable CA1001 // Given away: whoever writes the frozen part disposes of it.
public sealed class SegmentCounts : IEventFold
#pragma warning restore CA1001
{
    private const int MaxSegments = 1000;
    private const int Items = 2000;

    private readonly ConcurrentDictionary<Segment, DecayedCounts> segments = new();
    private readonly double decayMs;
    private FrozenSegments? frozen;
    private int count;

    public SegmentCounts(IOptions<SegmentOptions> options)
    {
        decayMs = TimeSpan.FromDays(options.Value.DecayDays).TotalMilliseconds;
        // What was counted by other settings is not what these would have counted.
        FormatVersion = (int)StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"1 {decayMs}"));
    }

    public string Name => "segments";
    public int FormatVersion { get; }

    public void Apply(in FoldUser user, in LogEvent e)
    {
        if (e.Item < 0 || !e.IsPositive) return;
        Span<Segment> of = stackalloc Segment[Segment.Most];
        foreach (var segment in of[..Segment.Of(user.Profile, e.Device, e.Location, of)])
        {
            if (!segments.TryGetValue(segment, out var counts))
            {
                if (count == MaxSegments) continue;
                count++;
                counts = segments.GetOrAdd(segment, _ => new DecayedCounts(decayMs, Items));
            }
            if (frozen is { IsOpen: true } open) open.Keep(segment, counts);
            counts.Add(e.Item, e.TimeMs);
        }
    }

    public IFrozenPart Freeze()
    {
        if (frozen is { IsOpen: true }) throw new InvalidOperationException("The snapshot before is still being written.");
        return frozen = new FrozenSegments(this);
    }

    public void Restore(Stream from)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        segments.Clear();
        for (count = 0; reader.ReadBoolean(); count++)
        {
            var segment = new Segment((SegmentKind)reader.ReadInt32(), reader.ReadUInt64());
            var counts = new DecayedCounts(decayMs, Items);
            counts.Restore(reader);
            segments[segment] = counts;
        }
    }

    /// <summary>Every segment that has had events.</summary>
    internal IEnumerable<KeyValuePair<Segment, DecayedCounts>> All => segments;

    /// <summary>The segments as they were at one moment: one that changes before it is written leaves its old form here.</summary>
    private sealed class FrozenSegments : IFrozenPart
    {
        private readonly Dictionary<Segment, byte[]?> forms = [];
        private readonly Dictionary<Segment, DecayedCounts> wanted;
        private readonly SegmentCounts fold;
        private volatile bool open = true;

        public FrozenSegments(SegmentCounts fold) => (this.fold, wanted) = (fold, fold.segments.ToDictionary());

        public string Name => fold.Name;
        public int FormatVersion => fold.FormatVersion;
        public bool IsOpen => open;

        public void Keep(Segment segment, DecayedCounts counts)
        {
            lock (forms)
            {
                if (wanted.ContainsKey(segment) && !forms.ContainsKey(segment)) forms[segment] = counts.ToBytes();
            }
        }

        public void Write(Stream to)
        {
            using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
            foreach (var (segment, counts) in wanted.OrderBy(entry => entry.Key.Kind).ThenBy(entry => entry.Key.Code))
            {
                byte[] form;
                lock (forms)
                {
                    form = forms.GetValueOrDefault(segment) ?? counts.ToBytes();
                    // Written: the fold need not keep it any more.
                    forms[segment] = null;
                }
                writer.Write(true);
                writer.Write((int)segment.Kind);
                writer.Write(segment.Code);
                writer.Write(form);
            }
            writer.Write(false);
        }

        public void Dispose()
        {
            open = false;
            lock (forms) forms.Clear();
        }
    }
}
