using RecSys.Api.Contracts.Reading;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.BulkJobs;

/// <summary>Counts what became of the rows of one chunk.</summary>
internal sealed class BulkTally(ILogContents contents)
{
    /// <summary>Which changes of a chunk put something in place of what is stored. To be asked before they are appended.</summary>
    public async Task<bool[]> FindStoredAsync(IReadOnlyList<BulkRow> chunk, CancellationToken cancellationToken)
    {
        var stored = new bool[chunk.Count];
        // The second row of an id changes what the first one adds.
        var before = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = chunk[i].Change switch
            {
                ItemPut put =>
                    !before.Add(put.Item.Id) || await contents.FindItemAsync(put.Item.Id, cancellationToken) is { Removed: false },
                UserPut put => !before.Add(put.User.Id) || await contents.FindUserAsync(put.User.Id, cancellationToken) is not null,
                _ => false,
            };
        }
        return stored;
    }

    /// <summary>The job with the chunk counted; what the log refused goes to the rejects.</summary>
    public static BulkJob Count(BulkJob job, IReadOnlyList<BulkRow> chunk, bool[] stored, IReadOnlyList<AppendResult> results,
        BulkRejects rejects)
    {
        for (var i = 0; i < results.Count; i++)
        {
            switch (results[i].Outcome)
            {
                case AppendOutcome.Accepted:
                    job = stored[i] ? job with { Changed = job.Changed + 1 } : job with { Added = job.Added + 1 };
                    break;
                case AppendOutcome.Parked:
                    job = job with { Added = job.Added + 1, Parked = job.Parked + 1 };
                    break;
                case AppendOutcome.Duplicate:
                    job = job with { Unchanged = job.Unchanged + 1 };
                    break;
                default:
                    rejects.Add(chunk[i].Line, AppendFaults.Of(results[i].Outcome, "", job.Kind == BulkKind.Events ? "user_id" : "id"));
                    job = job with { Rejected = job.Rejected + 1 };
                    break;
            }
        }
        return job;
    }
}
