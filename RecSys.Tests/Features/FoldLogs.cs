using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

/// <summary>
/// Two seeded logs of some size: one with every type of event, late and odd ones too, and one of a feed of short videos that play by
/// themselves.
/// </summary>
internal static class FoldLogs
{
    private const int UserCount = 60;
    private const int ItemCount = 400;

    public static readonly ItemCatalog Items = ItemCatalog.Create(Enumerable.Range(0, ItemCount).Select(i => new Item
    {
        Id = $"i{i}", Title = new string('t', i % 40 + 1), Category = $"c{i % 17}", Creator = i % 9 == 0 ? null : $"m{i % 70}",
        Price = i % 4 == 0 ? null : 1 + i % 90, DurationSeconds = i % 11 == 0 ? null : 4 + i % 173,
        CreatedAt = i % 6 == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(FeatureLogs.Start).AddDays(-i % 100),
        Attributes =
            new Dictionary<string, AttributeValue> { ["colour"] = i % 2 == 0 ? "red" : "blue", ["size"] = AttributeValue.Of(i % 7) },
    }));

    public static readonly ItemColumns Facts = ItemColumns.Of(Items);

    public static readonly UserDirectory Users = new(Enumerable.Range(0, UserCount).Select(i => new User
    {
        Id = $"u{i}", Gender = i % 2 == 0
            ? "female" : null, Age = 20 + i, Attributes = new Dictionary<string, string> { ["level"] = $"{i % 5}", ["job"] = "cook" },
    }));

    /// <summary>All types, gaps from none to days, one event in fifty late, values that are missing or infinite.</summary>
    public static LogEvent[] Mixed(int count = 20_000)
    {
        var random = new Random(11);
        var time = FeatureLogs.Start;
        var events = new LogEvent[count];
        for (var i = 0; i < count; i++)
        {
            time += random.Next(20) switch { 0 => random.Next(9_000_000), < 8 => 0, _ => random.Next(20_000) };
            var late = random.Next(50) == 0 ? random.Next(90_000_000) : 0;
            var type = random.Next(20) is var drawn && drawn < 11 ? (EventType)drawn : (EventType)(drawn % 2);
            var value = random.Next(4) switch { 0 => float.NaN, 1 when i % 97 == 0 => float.PositiveInfinity, _ => random.Next(1, 120) };
            events[i] = new LogEvent(
                Math.Max(FeatureLogs.Start, time - late), Skewed(random, UserCount), Skewed(random, ItemCount), type, value,
                (short)random.Next(-1, 60), (byte)random.Next(6), (byte)random.Next(9));
        }
        return events;
    }

    /// <summary>Impressions that say how long the video played, with clicks, long views and likes that answer them.</summary>
    public static LogEvent[] Videos(int lists = 1500)
    {
        var random = new Random(12);
        var time = FeatureLogs.Start;
        var events = new List<LogEvent>();
        for (var i = 0; i < lists; i++)
        {
            time += random.Next(10) == 0 ? random.Next(6_000_000) : random.Next(60_000);
            var (user, place, device) = (Skewed(random, UserCount), (byte)(1 + random.Next(4)), (byte)random.Next(1, 3));
            for (var position = 0; position < 6; position++)
            {
                var item = Skewed(random, ItemCount);
                var seconds = random.Next(3) == 0 ? 0 : random.Next(1, 60);
                events.Add(new LogEvent(time, user, item, EventType.Impression, seconds, (short)position, device, place));
                if (random.Next(5 + position + item % 5) == 0)
                    events.Add(new LogEvent(time, user, item, EventType.Click, float.NaN, (short)position, device, place));
                if (seconds > 30) events.Add(new LogEvent(time, user, item, EventType.LongView, seconds, -1, device, place));
                if (random.Next(40) == 0) events.Add(new LogEvent(time, user, item, EventType.Like, float.NaN, -1, device, place));
            }
        }
        return [.. events];
    }

    /// <summary>Rows of some users and items, folded half and to the end.</summary>
    public static IEnumerable<float[]> Rows(LogEvent[] events)
    {
        var state = new FeatureState(Items);
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        for (var i = 0; i < events.Length; i++)
        {
            state.Apply(in events[i]);
            if (i + 1 != events.Length / 2 && i + 1 != events.Length) continue;
            foreach (var (user, item) in ((int, int)[])[(0, 0), (1, 5), (7, 30), (40, 200), (59, 399)])
            {
                var row = new float[FeatureCatalogue.Default.Count];
                var at = events[i] with { User = user, Item = item, TimeMs = events.Take(i + 1).Max(e => e.TimeMs) + 60_000 };
                var request = FeatureRequest.Of(Users[user], state.FindUser(user), at.TimeMs, device: 1, location: 2);
                extractor.Fill(request, state, [new CandidateInput(item)], row);
                yield return row;
            }
        }
    }

    private static int Skewed(Random random, int count) => (int)(count * Math.Pow(random.NextDouble(), 2.2));
}
