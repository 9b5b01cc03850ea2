using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Counts events that name something unknown, and remembers some of the names.</summary>
internal sealed class UnknownIdSample
{
    private const int MostIds = 20, MostExamples = 3;

    private readonly List<string> ids = [];
    private long count;

    internal void Add(string id)
    {
        count++;
        if (ids.Count < MostIds && !ids.Contains(id, StringComparer.Ordinal)) ids.Add(id);
    }

    internal async Task<UnknownIds?> ExplainAsync(string what, Func<string, Task<bool>> isKnown, bool knowsAny) => count == 0
        ? null
        : new UnknownIds(count, [.. ids.Take(MostExamples)], await UnknownIdCause.FindAsync(ids, what, isKnown, knowsAny));
}
