using RecSys.Core.Domain;
using RecSys.Core.Merchandising;
using RecSys.Core.Pipeline;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Explaining;

/// <summary>The merchandising rules as they were when a list was served, from their changes in the log.</summary>
/// <param name="contents">Knows the changes.</param>
public sealed class PastRules(ILogContents contents)
{
    private const int Page = 500;

    // More changes than anybody makes by hand; beyond that the present rules stand in.
    private const int MostPages = 200;

    /// <returns>Null where they cannot be found any more.</returns>
    internal async Task<RuleBook?> FindAsync(ServedRecord record, ServingWorld world, CancellationToken cancellationToken)
    {
        if (record.RulesHash == world.Rules.Hash) return world.Rules;
        if (record.Epoch != world.Epoch) return null;
        var latest = new Dictionary<string, string?>(StringComparer.Ordinal);
        var before = record.Position + 1;
        for (var page = 0; page < MostPages; page++)
        {
            var changes = await contents.ReadRuleChangesAsync(null, before, Page, cancellationToken);
            foreach (var change in changes)
            {
                if (change.Change is RuleChange rule) latest.TryAdd(rule.RuleId, rule.Json);
                before = change.Position;
            }
            if (changes.Count == Page) continue;
            var book = RuleBook.Of(latest.Where(each => each.Value is not null).Select(each => KeyValuePair.Create(each.Key, each.Value!)));
            return book.Hash == record.RulesHash ? book : null;
        }
        return null;
    }
}
