using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Gathers records into batches for a load and counts what arrived.</summary>
internal sealed class LoadWriter(IBulkLoad load)
{
    private const int BatchSize = 5_000;

    private readonly List<User> users = [];
    private readonly List<Item> items = [];
    private readonly List<Event> events = [];
    private readonly long[] accepted = new long[EventTypes.Count];

    internal long Users { get; private set; }
    internal long Items { get; private set; }
    internal long Duplicates { get; private set; }

    internal async ValueTask AddAsync(User user, CancellationToken ct)
    {
        users.Add(user);
        if (users.Count == BatchSize) await FlushAsync(ct);
    }

    internal async ValueTask AddAsync(Item item, CancellationToken ct)
    {
        items.Add(item);
        if (items.Count == BatchSize) await FlushAsync(ct);
    }

    internal async ValueTask AddAsync(Event e, CancellationToken ct)
    {
        events.Add(e);
        if (events.Count == BatchSize) await FlushAsync(ct);
    }

    internal async Task FlushAsync(CancellationToken ct)
    {
        if (users.Count > 0) await load.AddUsersAsync(users, ct);
        if (items.Count > 0) await load.AddItemsAsync(items, ct);
        if (events.Count > 0)
        {
            var outcomes = await load.AddEventsAsync(events, ct);
            for (var i = 0; i < outcomes.Count; i++)
            {
                if (outcomes[i] == AppendOutcome.Accepted) accepted[(int)events[i].Type]++;
                else Duplicates++;
            }
        }
        Users += users.Count;
        Items += items.Count;
        users.Clear();
        items.Clear();
        events.Clear();
    }

    internal ImportReport Report(ImportLedger ledger, TimeSpan elapsed) => new()
    {
        Read = ledger.Read,
        Kept = ledger.Read - ledger.Rejected,
        Rejected = ledger.Rejected,
        Users = Users,
        Items = Items,
        Events = Enumerable.Range(0, EventTypes.Count).Where(type => accepted[type] > 0).ToDictionary(type => (EventType)type, type => accepted[type]),
        Duplicates = Duplicates,
        Elapsed = elapsed,
        RejectsPath = ledger.RejectsPath,
    };
}
