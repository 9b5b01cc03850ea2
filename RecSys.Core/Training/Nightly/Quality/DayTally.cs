using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>Counts a day while its events come.</summary>
internal sealed class DayTally(DateOnly day)
{
    private static readonly (string Name, Func<Event, bool> IsFilled)[] Fields =
    [
        ("position", e => e.Position is not null), ("request_id", e => e.RequestId is not null),
        ("session_id", e => e.SessionId is not null), ("device", e => e.Device is not null), ("location", e => e.Location is not null),
        ("value", e => e.Value is not null), ("amount", e => e.Amount is not null),
    ];

    private readonly long[] faults = new long[Enum.GetValues<EventFault>().Length];
    private readonly long[] filled = new long[Fields.Length];
    private long raw;

    public void Add(Event e, EventFault fault)
    {
        raw++;
        faults[(int)fault]++;
        for (var i = 0; i < Fields.Length; i++) filled[i] += Fields[i].IsFilled(e) ? 1 : 0;
    }

    /// <summary>So many of the events that were sound by themselves have a fault after all.</summary>
    public void Reject(EventFault fault, int count)
    {
        faults[(int)EventFault.None] -= count;
        faults[(int)fault] += count;
    }

    public DayQuality ToQuality() => new(
        day, raw,
        Enum.GetValues<EventFault>().Where(fault => fault != EventFault.None && faults[(int)fault] > 0)
            .ToDictionary(fault => fault, fault => faults[(int)fault]),
        Fields.Select((field, i) => (field.Name, Share: filled[i] / (double)Math.Max(1, raw))).ToDictionary(f => f.Name, f => f.Share));
}
