using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Counts what became of the changes of an import.</summary>
internal sealed class StagingTally
{
    private readonly long[] accepted = new long[EventTypes.Count];
    private readonly Dictionary<AppendOutcome, long> refused = [];
    private readonly UnknownIdSample items = new();
    private readonly UnknownIdSample users = new();
    private StoredCounts storedUsers;
    private StoredCounts storedItems;
    private long takenBack;
    private long cameIn;

    /// <summary>Who has a profile; set before the first event comes.</summary>
    internal KnownUsers? Profiles { get; set; }

    internal void Count(LogChange change, AppendResult result)
    {
        switch (change)
        {
            case EventChange { Event: var e }:
                Count(e, result.Outcome);
                break;
            case ItemPut:
                storedItems = Next(storedItems, result);
                break;
            case UserPut when result.Outcome == AppendOutcome.Erased:
                Refuse(result.Outcome);
                break;
            case UserPut:
                storedUsers = Next(storedUsers, result);
                break;
            default:
                break;
        }
    }

    /// <summary>Counts events that had waited and came in with their items.</summary>
    internal void CountCameIn(IReadOnlyList<LogChange> changes, LogAppend append)
    {
        foreach (var entry in append.Entries) cameIn += entry.Change is EventChange ? 1 : 0;
        for (var i = 0; i < changes.Count; i++)
            cameIn -= changes[i] is EventChange && append.Results[i].Outcome == AppendOutcome.Accepted && append.Entries.Count > 0 ? 1 : 0;
    }

    internal async Task<ImportReport> ReportAsync(ImportLedger ledger, long replaced, ILogContents contents, TimeSpan elapsed,
        CancellationToken ct)
    {
        var counts = await contents.CountAsync(ct);
        return new ImportReport
        {
            Read = ledger.Read,
            Rejected = ledger.Rejected,
            Anonymous = ledger.Anonymous,
            Continued = ledger.Continued,
            Replaced = replaced,
            Users = storedUsers,
            Items = storedItems,
            Events = Enumerable.Range(0, EventTypes.Count).Where(type => accepted[type] > 0)
                .ToDictionary(type => (EventType)type, type => accepted[type]),
            TakenBack = takenBack,
            CameIn = cameIn,
            Duplicates = refused.GetValueOrDefault(AppendOutcome.Duplicate),
            Parked = refused.GetValueOrDefault(AppendOutcome.Parked),
            NotKept = refused.GetValueOrDefault(AppendOutcome.Full),
            OfErasedUsers = refused.GetValueOrDefault(AppendOutcome.Erased),
            UnknownItems = await items.ExplainAsync("items",
                async id => await contents.FindItemAsync(id, ct) is { Removed: false }, counts.Items > 0),
            UnknownUsers = await users.ExplainAsync("users",
                async id => await contents.FindUserAsync(id, ct) is not null, counts.Users > 0),
            Elapsed = elapsed,
            RejectsPath = ledger.RejectsPath,
            RejectReasons = ledger.Reasons,
        };
    }

    private void Count(Event e, AppendOutcome outcome)
    {
        if (outcome is AppendOutcome.Parked or AppendOutcome.Full) items.Add(e.ItemId);
        if (outcome != AppendOutcome.Accepted)
        {
            Refuse(outcome);
            return;
        }
        accepted[(int)e.Type]++;
        if (e.Meaning == EventMeaning.Undo) takenBack++;
        if (Profiles is { IsEmpty: false } profiles && !profiles.Contains(e.UserId)) users.Add(e.UserId);
    }

    private void Refuse(AppendOutcome outcome) => refused[outcome] = refused.GetValueOrDefault(outcome) + 1;

    private static StoredCounts Next(StoredCounts counts, AppendResult result) => result switch
    {
        { Outcome: AppendOutcome.Duplicate } => counts with { Unchanged = counts.Unchanged + 1 },
        { IsNew: true } => counts with { Added = counts.Added + 1 },
        _ => counts with { Changed = counts.Changed + 1 },
    };
}
