namespace RecSys.Core.Features;

/// <summary>
/// Computes the feature matrix, for serving and training alike. Thread-safe: each thread keeps its own working memory, so a call allocates
/// nothing after the thread's first one.
/// </summary>
public sealed class FeatureExtractor
{
    // Rows between asking for a row's memory and computing it: enough to cover the way to main memory, and few enough to stay in the
    // first-level cache.
    private const int Ahead = 6;

    [ThreadStatic]
    private static FeatureScope? threadScope;

    private readonly Func<FeatureScope, float>[] shared;
    private readonly int[] sharedColumns;
    private readonly Func<FeatureScope, float>[] perCandidate;
    private readonly int[] candidateColumns;

    public FeatureExtractor(FeatureCatalogue catalogue)
    {
        Catalogue = catalogue;
        var numbered = catalogue.Features.Select((feature, column) => (feature, column)).ToArray();
        shared = [.. numbered.Where(entry => !entry.feature.PerCandidate).Select(entry => entry.feature.Compute)];
        sharedColumns = [.. numbered.Where(entry => !entry.feature.PerCandidate).Select(entry => entry.column)];
        perCandidate = [.. numbered.Where(entry => entry.feature.PerCandidate).Select(entry => entry.feature.Compute)];
        candidateColumns = [.. numbered.Where(entry => entry.feature.PerCandidate).Select(entry => entry.column)];
    }

    public FeatureCatalogue Catalogue { get; }

    /// <summary>Computes all features of all candidates at <see cref="FeatureRequest.NowMs"/>; changes no state.</summary>
    /// <param name="request">User, time and context; they are evaluated once and copied to all rows.</param>
    /// <param name="state">Facts and counters of items, and overall counters.</param>
    /// <param name="candidates">Rows.</param>
    /// <param name="matrix">Gets candidates.Length x Catalogue.Count values, row-major.</param>
    /// <exception cref="ArgumentException">The matrix is too short.</exception>
    public void Fill(FeatureRequest request, FeatureState state, ReadOnlySpan<CandidateInput> candidates, Span<float> matrix)
    {
        var width = Catalogue.Count;
        if (matrix.Length < (long)candidates.Length * width)
            throw new ArgumentException(
                $"{candidates.Length} candidates x {width} features need more than the {matrix.Length} values given.", nameof(matrix));
        if (candidates.IsEmpty) return;
        var scope = threadScope ??= new FeatureScope();
        scope.Begin(request, state, candidates);
        var first = matrix[..width];
        for (var i = 0; i < shared.Length; i++) first[sharedColumns[i]] = shared[i](scope);
        foreach (ref readonly var soon in candidates[..Math.Min(Ahead, candidates.Length)]) scope.Prefetch(soon.Item);
        for (var row = 0; row < candidates.Length; row++)
        {
            if (row + Ahead < candidates.Length) scope.Prefetch(candidates[row + Ahead].Item);
            var values = matrix.Slice(row * width, width);
            if (row > 0) first.CopyTo(values);
            scope.BeginCandidate(in candidates[row]);
            for (var i = 0; i < perCandidate.Length; i++) values[candidateColumns[i]] = perCandidate[i](scope);
        }
        scope.End();
    }
}
