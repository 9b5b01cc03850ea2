using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>Something computed from the whole catalogue, too dear for a request: <see cref="RankingRefresher"/> keeps it young.</summary>
internal interface IRanking
{
    /// <summary>For the log.</summary>
    string Name { get; }

    /// <summary>Computes it anew. Requests read the old one meanwhile, and go on with it when this throws.</summary>
    void Refresh(ServingWorld world, CancellationToken cancellationToken);
}
