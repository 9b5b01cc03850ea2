using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>Of several items with the same title and creator (one product listed twice) keeps the first, which retrieval ranked best.</summary>
internal sealed class DuplicateFilter : IStage
{
    [ThreadStatic]
    private static HashSet<(string Title, string? Creator)>? seen;

    public string Name => "filter_duplicates";
    public StageKind Kind => StageKind.Filter;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var titles = seen ??= new HashSet<(string, string?)>(1024);
        titles.Clear();
        var candidates = context.Candidates.Items;
        for (var i = 0; i < candidates.Length; i++)
        {
            var item = context.Catalog[candidates[i].Item];
            if (!titles.Add((item.Title, item.Creator))) context.Candidates.Remove(i, "duplicate");
        }
        return ValueTask.CompletedTask;
    }
}
