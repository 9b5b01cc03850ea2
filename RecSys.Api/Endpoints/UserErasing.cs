using RecSys.Api.Hosting.Audit;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Recommendations;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary>
/// Forgets a user: the store strips log, states and records and sets the tombstone, and here goes what this process keeps beside them.
/// Visitors who turned out to be this user are forgotten with it.
/// </summary>
internal sealed class UserErasing(
    Posting posting, EventTail tail, IUserArchive archive, RecentEvents recent, Recommender recommender, AuditLog audit, Pseudonyms names)
{
    // What requests at hand keep is forgotten only where they can see that the user is erased, so this waits for it.
    private static readonly TimeSpan LongestFold = TimeSpan.FromSeconds(5);

    /// <returns>Where the erasure stands in the log, 0 for a user that was erased before, and whether it counts already.</returns>
    public async Task<(long Position, bool Folded)> EraseAsync(HttpContext http, string id)
    {
        var ids = await archive.ReadIdsAsync(id, http.RequestAborted);
        var (_, position, folded) = await posting.PostAsync(new UserErasure(id), http.RequestAborted);
        folded = folded || await tail.WaitAsync(position, LongestFold, CancellationToken.None);
        foreach (var each in ids)
        {
            recent.Erase(each);
            recommender.Forget(each);
        }
        audit.Forget([.. ids.Select(names.Of)]);
        http.Features.Set(new ErasedUsers(ids));
        return (position, folded);
    }
}
