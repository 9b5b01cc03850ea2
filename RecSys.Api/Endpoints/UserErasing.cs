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
internal sealed class UserErasing(Posting posting, IUserArchive archive, RecentEvents recent, Recommender recommender, AuditLog audit,
    Pseudonyms names)
{
    /// <returns>Where the erasure stands in the log, 0 for a user that was erased before, and whether it counts already.</returns>
    public async Task<(long Position, bool Folded)> EraseAsync(HttpContext http, string id)
    {
        var ids = await archive.ReadIdsAsync(id, http.RequestAborted);
        var (_, position, folded) = await posting.PostAsync(new UserErasure(id), http.RequestAborted);
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
