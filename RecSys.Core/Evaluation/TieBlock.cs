namespace RecSys.Core.Evaluation;

/// <summary>Places of a ranked list whose items have one score, so that their order says nothing.</summary>
/// <param name="Start">First place, from 0.</param>
/// <param name="Size">Places.</param>
/// <param name="Relevant">How many of the items are relevant.</param>
internal readonly record struct TieBlock(int Start, int Size, int Relevant)
{
    /// <summary>The blocks of a list by falling score; an item without an equal is a block of its own.</summary>
    /// <param name="scores">In any order; no NaN.</param>
    /// <param name="relevant">One per score.</param>
    public static IReadOnlyList<TieBlock> Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> relevant)
    {
        PointwiseMetrics.RequireSameLength(scores.Length, relevant.Length, nameof(relevant));
        var (ranked, hits) = (scores.ToArray(), relevant.ToArray());
        Array.Sort(ranked, hits);
        Array.Reverse(ranked);
        Array.Reverse(hits);
        var blocks = new List<TieBlock>();
        for (var start = 0; start < ranked.Length;)
        {
            var (end, count) = (start, 0);
            for (; end < ranked.Length && ranked[end] == ranked[start]; end++) count += hits[end] ? 1 : 0;
            blocks.Add(new TieBlock(start, end - start, count));
            start = end;
        }
        return blocks;
    }
}
