using RecSys.Core.Domain;
using RecSys.Tests.Merchandising;

namespace RecSys.Tests.Events;

/// <summary>Random changes of every kind, seeded: few users and items, so that they meet often.</summary>
internal sealed class LogHistory(int seed)
{
    private readonly Random random = new(seed);
    private readonly HashSet<string> erased = [];
    private int events;
    private int lists;
    private DateTimeOffset now = TailRig.Start.AddDays(-3);

    public static IReadOnlyList<string> Users { get; } = [.. Enumerable.Range(0, 25).Select(i => $"u{i}")];

    /// <summary>Changes that leave no erased user, whose entries lose their subject behind what was folded.</summary>
    public IEnumerable<LogChange> Take(int count)
    {
        for (var i = 0; i < 8 && events == 0; i++) yield return new ItemPut(Item(i));
        for (var i = 0; i < count; i++) yield return Next();
    }

    private LogChange Next()
    {
        now += TimeSpan.FromSeconds(random.Next(200));
        switch (random.Next(40))
        {
            case 0: return new ItemPut(Item(random.Next(20)));
            case 1: return new ItemRemoval($"i{random.Next(20)}");
            case 2 or 3: return new UserPut(new User { Id = User(), Gender = random.Next(2) == 0 ? "F" : "M", Age = 10 + random.Next(60) });
            case 4: return Merge();
            case 5: return new ListShown($"r{lists++}", User(), [random.Next(8), random.Next(8)], now);
            case 6: return new PolicyPut($"h{random.Next(3)}", "{}");
            case 7: return Rule($"rule{random.Next(4)}");
            default:
                var type = (EventType)random.Next(EventTypes.Count);
                return new EventChange(new Event
                {
                    Id = $"e{events++}", UserId = User(), ItemId = $"i{random.Next(20)}", Type = type,
                    Time = now - TimeSpan.FromHours(random.Next(20) == 0 ? random.Next(48) : 0),
                    Value = type is EventType.View or EventType.LongView or EventType.Rating ? random.Next(1, 50) : null,
                    Position = type == EventType.Impression ? random.Next(10) : null,
                    RequestId = type == EventType.Impression && lists > 0 && random.Next(2) == 0 ? $"r{random.Next(lists)}" : null,
                    Meaning = random.Next(15) == 0 ? EventMeaning.Undo : null,
                    Device = random.Next(3) == 0 ? "mobile" : null, Location = random.Next(3) == 0 ? "SF" : null,
                });
        }
    }

    private RuleChange Rule(string id) => random.Next(4) == 0
        ? new RuleChange(id, null, "ada") : RuleSamples.Put(RuleSamples.Pin(id, $"i{random.Next(20)}", 1 + random.Next(9)));

    private UserMerge Merge()
    {
        var from = random.Next(Users.Count);
        return new UserMerge(Users[from], Users[(from + 1 + random.Next(Users.Count - 1)) % Users.Count]);
    }

    private Item Item(int number) => new()
    {
        Id = $"i{number}", Title = $"t{random.Next(100)}", Category = $"c{random.Next(3)}", DurationSeconds = random.Next(2) == 0
            ? null : random.Next(10, 100),
        Available = random.Next(5) > 0,
    };

    private string User() => Users[random.Next(Users.Count)];
}
