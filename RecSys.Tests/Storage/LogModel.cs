using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

/// <summary>
/// The rules of the log in plain lists and dictionaries: what the stores are compared with. Without time: nothing is forgotten.
/// </summary>
internal sealed class LogModel(int mostParked)
{
    private readonly Dictionary<string, long> events = [];
    private readonly Dictionary<string, (int Number, string Content, long Position, bool Removed)> items = [];
    // Whose entry a profile is, since it moves on to whom its user becomes.
    private readonly Dictionary<string, (string Content, long Position, string Owner)> users = [];
    private readonly Dictionary<string, long> reports = [];
    private readonly Dictionary<string, long> policies = [];
    private readonly Dictionary<string, (string Json, long Position)> rules = [];
    private readonly Dictionary<string, (string Into, long Position)> merges = [];
    private readonly HashSet<string> erased = [];
    private readonly HashSet<string> known = [];
    private List<(Event Event, bool Imported)> parked = [];

    /// <summary>Kind, item number and, of events, the id, of each entry.</summary>
    internal List<(LogKind Kind, int Item, string? Event)> Entries { get; } = [];

    internal int Parked => parked.Count;

    internal AppendResult Append(LogChange change, bool imported, DateTimeOffset now)
    {
        switch (change)
        {
            case EventChange { Event: var e }:
                if (erased.Contains(e.UserId)) return new(AppendOutcome.Erased, 0);
                if (events.TryGetValue(e.Id, out var first)) return new(AppendOutcome.Duplicate, first);
                if (!imported && e.Time < now.AddDays(-30)) return new(AppendOutcome.TooOld, 0);
                if (items.TryGetValue(e.ItemId, out var item))
                {
                    // History that comes again with the right item does not wait under the wrong one any more.
                    if (imported) parked = [.. parked.Where(other => other.Event.Id != e.Id)];
                    return Store(e, item.Number, imported);
                }
                if (parked.Any(other => other.Event.Id == e.Id)) return new(AppendOutcome.Parked, 0);
                if (parked.Count == mostParked) return new(AppendOutcome.Full, 0);
                parked.Add((e, imported));
                return new(AppendOutcome.Parked, 0);
            case ItemPut put:
                return Put(put.Item);
            case ItemRemoval removal:
                if (!items.TryGetValue(removal.ItemId, out var there) || there.Removed) return new(AppendOutcome.Unknown, 0);
                items[removal.ItemId] = there with { Removed = true };
                return Add(LogKind.ItemRemoval, there.Number);
            case UserPut put:
                if (erased.Contains(put.User.Id)) return new(AppendOutcome.Erased, 0);
                var name = WhoIs(put.User.Id).Id;
                var content = Content(put.User with { Id = "", Attributes = new Dictionary<string, string>() }, put.User.Attributes);
                if (users.TryGetValue(name, out var before) && before.Content == content)
                    return new(AppendOutcome.Duplicate, before.Position);
                var stored = Add(LogKind.UserPut) with { IsNew = before.Content is null };
                users[name] = (content, stored.Position, name);
                known.Add(name);
                return stored;
            case UserMerge merge:
                if (erased.Contains(merge.From) || erased.Contains(merge.Into)) return new(AppendOutcome.Erased, 0);
                var (from, last) = WhoIs(merge.From);
                var (into, earlier) = WhoIs(merge.Into);
                if (from == into) return new(AppendOutcome.Duplicate, Math.Max(last, earlier));
                if (!IsKnown(merge.From)) return new(AppendOutcome.Unknown, 0);
                var result = Add(LogKind.UserMerge);
                merges[from] = (merge.Into, result.Position);
                // Whom a visitor had become is somebody from then on, too: the merge goes on from there.
                known.Add(from);
                known.Add(merge.From);
                // The profile goes where history goes, unless there is one.
                if (users.Remove(from, out var profile)) users.TryAdd(into, profile);
                return result;
            case UserErasure erasure:
                return Erase(erasure.UserId);
            case ListShown shown:
                if (erased.Contains(shown.UserId)) return new(AppendOutcome.Erased, 0);
                if (reports.TryGetValue(shown.RequestId, out var reported)) return new(AppendOutcome.Duplicate, reported);
                known.Add(shown.UserId);
                return new(AppendOutcome.Accepted, reports[shown.RequestId] = Add(LogKind.ListShown).Position);
            case RuleChange rule:
                var isThere = rules.TryGetValue(rule.RuleId, out var old);
                if (!isThere && rule.Json is null) return new(AppendOutcome.Unknown, 0);
                if (isThere && rule.Json == old.Json) return new(AppendOutcome.Duplicate, old.Position);
                var changed = Add(LogKind.RuleChange) with { IsNew = !isThere };
                if (rule.Json is null) rules.Remove(rule.RuleId);
                else rules[rule.RuleId] = (rule.Json, changed.Position);
                return changed;
            case PolicyPut policy:
                if (policies.TryGetValue(policy.Hash, out var known0)) return new(AppendOutcome.Duplicate, known0);
                return new(AppendOutcome.Accepted, policies[policy.Hash] = Add(LogKind.PolicyPut).Position);
            default:
                throw new ArgumentException("?");
        }
    }

    private static string Content<T, TValue>(T record, IReadOnlyDictionary<string, TValue> attributes) =>
        System.Text.Json.JsonSerializer.Serialize((record, attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)), Fields);

    private static readonly System.Text.Json.JsonSerializerOptions Fields = new() { IncludeFields = true };

    private AppendResult Put(Item item)
    {
        var content = Content(item with { Attributes = new Dictionary<string, AttributeValue>() }, item.Attributes);
        var isNew = !items.TryGetValue(item.Id, out var before);
        if (!isNew && !before.Removed && before.Content == content) return new(AppendOutcome.Duplicate, before.Position);
        var number = isNew ? items.Count : before.Number;
        var result = Add(LogKind.ItemPut, number);
        items[item.Id] = (number, content, result.Position, false);
        if (!isNew) return result;
        result = result with { IsNew = true };
        var waiting = parked.Where(other => other.Event.ItemId == item.Id).ToList();
        parked = [.. parked.Where(other => other.Event.ItemId != item.Id)];
        foreach (var (e, imported) in waiting.OrderBy(other => other.Event.Time).Where(other => !events.ContainsKey(other.Event.Id)))
            Store(e, number, imported);
        return result;
    }

    private AppendResult Store(Event e, int item, bool imported)
    {
        var result = Add(LogKind.Event, item, e.Id);
        events[e.Id] = result.Position;
        known.Add(e.UserId);
        if (!imported && e.RequestId is { } request) reports.TryAdd(request, result.Position);
        return result;
    }

    // By what an entry of its own, a profile, a waiting event or a merge into it says.
    private bool IsKnown(string id) => known.Contains(id) || users.ContainsKey(id)
        || parked.Any(other => other.Event.UserId == id) || merges.Values.Any(merge => merge.Into == id);

    private (string Id, long Position) WhoIs(string id)
    {
        var position = 0L;
        while (merges.TryGetValue(id, out var next)) (id, position) = next;
        return (id, position);
    }

    private AppendResult Erase(string user)
    {
        if (erased.Contains(user)) return new(AppendOutcome.Erased, 0);
        var result = Add(LogKind.UserErasure);
        HashSet<string> all = [user];
        while (merges.FirstOrDefault(merge => all.Contains(merge.Value.Into) && !all.Contains(merge.Key)).Key is { } more) all.Add(more);
        foreach (var id in all)
        {
            erased.Add(id);
            foreach (var (name, _) in users.Where(each => each.Key == id || each.Value.Owner == id).ToList()) users.Remove(name);
            merges.Remove(id);
        }
        parked = [.. parked.Where(other => !all.Contains(other.Event.UserId))];
        return result;
    }

    private AppendResult Add(LogKind kind, int item = -1, string? id = null)
    {
        Entries.Add((kind, item, id));
        return new(AppendOutcome.Accepted, Entries.Count);
    }
}
