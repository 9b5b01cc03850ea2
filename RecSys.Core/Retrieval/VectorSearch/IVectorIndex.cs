namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Finds the vectors with the largest inner product with a query. Safe for concurrent searches.</summary>
public interface IVectorIndex : IDisposable
{
    int Dimension { get; }

    /// <summary>Number of vectors that can be found.</summary>
    long Count { get; }

    /// <summary>Kind and main settings, for logs and manifests.</summary>
    string Description { get; }

    /// <summary>
    /// Fills <paramref name="ids"/> and <paramref name="scores"/> best first; equal scores by lower id. k is the length of <paramref
    /// name="ids"/>.
    /// </summary>
    /// <returns>How many were found, at most <see cref="Count"/>; the rest of the spans is left as it was.</returns>
    /// <exception cref="ArgumentException">
    /// The query has another dimension or a value that is not finite, or the two result spans differ in length.
    /// </exception>
    int Search(ReadOnlySpan<float> query, Span<long> ids, Span<float> scores);
}
