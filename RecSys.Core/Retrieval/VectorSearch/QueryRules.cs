namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>What every index demands of a search.</summary>
internal static class QueryRules
{
    /// <exception cref="ArgumentException">The query has another dimension or a value that is not finite, or the spans differ in
    /// length.</exception>
    public static void Check(ReadOnlySpan<float> query, int dimension, ReadOnlySpan<long> ids, ReadOnlySpan<float> scores)
    {
        if (query.Length != dimension)
            throw new ArgumentException($"The query has {query.Length} values, the index holds vectors of {dimension}.", nameof(query));
        foreach (var value in query)
        {
            if (!float.IsFinite(value)) throw new ArgumentException("The query holds a value that is not finite.", nameof(query));
        }
        if (scores.Length != ids.Length) throw new ArgumentException($"{ids.Length} ids but {scores.Length} scores.", nameof(scores));
    }
}
