using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class AffinityTableTests
{
    private const uint Start = 1_767_600_000;
    private const double Month = 30 * 86_400.0;

    [Fact]
    public void Find_AnyEvents_EqualsSumOfFadedEvents() =>
        Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Int[0, 600], Gen.Int[-7200, 300_000])).Array[1, 80].Sample(steps =>
    {
        var table = new AffinityTable(4);
        var clicks = new List<uint>();
        var time = Start;
        foreach (var (kind, step) in steps)
        {
            time = (uint)(time + step);
            table.Apply(9, time, Kind(kind switch { 0 => EventType.Impression, 1 => EventType.Click, _ => EventType.Hide }));
            if (kind == 1) clicks.Add(time);
        }
        var now = time + 50_000;

        var found = table.Find(9, now);

        var expected = clicks.Sum(at => Math.Exp(-((double)now - at) / Month));
        Assert.InRange(found.Clicks, expected * 0.98 - 0.01, expected * 1.02 + 0.01);
        Assert.Equal(found.Clicks, found.Positives);
        if (clicks.Count == 0) Assert.Equal(0u, found.PositiveSeconds);
        else if (now - clicks.Max() < 40 * 86_400) Assert.InRange((long)clicks.Max() - found.PositiveSeconds, 0, 59);
    }, iter: 300);

    [Fact]
    public void Find_PositiveLongAgo_StopsAt45Days()
    {
        var table = new AffinityTable(4);
        table.Apply(9, Start, Kind(EventType.Like));
        table.Apply(9, Start + 100 * 86_400, Kind(EventType.Impression));

        var days = (Start + 100.0 * 86_400 - table.Find(9, Start + 100 * 86_400).PositiveSeconds) / 86_400;

        Assert.InRange(days, 44.5, 45.6);
        Assert.Equal(default, table.Find(8, Start));
    }

    [Fact]
    public void Apply_MoreKeysThanRoom_ForgetsTheOneTouchedLongestAgo()
    {
        var table = new AffinityTable(3);
        foreach (var key in (uint[])[1, 2, 3, 1, 4]) table.Apply(key, Start, Kind(EventType.Impression));

        Assert.Equal([3u, 1u, 4u], table.Cells.ToArray().Select(cell => cell.Key));
    }

    private static EventKind Kind(EventType type) => new(new LogEvent(0, 0, 0, type));
}
