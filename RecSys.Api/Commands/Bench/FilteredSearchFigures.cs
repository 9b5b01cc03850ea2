using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Api.Commands.Bench;

/// <summary>What <c>bench filtered-search</c> measured at one share.</summary>
internal sealed class FilteredSearchFigures
{
    private readonly List<double> filterMs = [], wholeMs = [], faissMs = [], recalls = [], faissRecalls = [];
    private int full, exact, passed, cells, faissFull;

    public void Add(
        TimeSpan filter, TimeSpan whole, int passing, int looked, bool isExact, int found, double recall, TimeSpan? faiss,
        double faissRecall, int faissFound)
    {
        filterMs.Add(filter.TotalMilliseconds);
        wholeMs.Add(whole.TotalMilliseconds);
        recalls.Add(recall);
        (passed, cells) = (passing, looked);
        exact += isExact ? 1 : 0;
        full += found >= Math.Min(20, passing) ? 1 : 0;
        if (faiss is not { } time) return;
        faissMs.Add(time.TotalMilliseconds);
        faissRecalls.Add(faissRecall);
        faissFull += faissFound >= Math.Min(20, passing) ? 1 : 0;
    }

    public object Line(int items, BuiltIndex built, double share) => new
    {
        bench = "filtered-search",
        items,
        index = $"{built.Kind} {built.Parameter}={built.Chosen?.Value}",
        share,
        passing = passed,
        cells,
        exact_searches = exact,
        lists = recalls.Count,
        lists_full = full,
        recall_at_20 = Math.Round(recalls.Average(), 4),
        filter_ms_p50 = Percentiles.Of(filterMs, 0.5, 3),
        ms_p50 = Percentiles.Of(wholeMs, 0.5, 3),
        ms_p99 = Percentiles.Of(wholeMs, 0.99, 3),
        faiss_selector = faissMs.Count > 0 ? "in the same cells, or as many as without a filter where all were looked at"
            : "not in this library; eng/setup.sh builds one that has it",
        faiss_lists_full = faissFull,
        faiss_recall_at_20 = faissRecalls.Count > 0 ? Math.Round(faissRecalls.Average(), 4) : (double?)null,
        faiss_ms_p50 = Percentiles.Of(faissMs, 0.5, 3),
        faiss_ms_p99 = Percentiles.Of(faissMs, 0.99, 3),
    };
}
