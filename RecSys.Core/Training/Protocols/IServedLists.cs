namespace RecSys.Core.Training.Protocols;

/// <summary>A server in this process that has loaded the bundle of a protocol and folded its log; nothing it does stays behind.</summary>
public interface IServedLists : IAsyncDisposable
{
    /// <summary>Answers a request of a user.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>
    /// All candidates that reached the end, best first: ordinals and the scores that order them. The reply would hold the first of them.
    /// </returns>
    Task<IReadOnlyList<(int Item, double Score)>> RankAsync(string userId, CancellationToken cancellationToken);
}
