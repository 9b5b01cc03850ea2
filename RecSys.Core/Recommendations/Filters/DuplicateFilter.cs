using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>
/// Of several items with the same title and creator (one product listed twice) keeps the first, which retrieval ranked best. Items without
/// one of both, or with a title that says that there is none, are never duplicates.
/// </summary>
internal sealed class DuplicateFilter : IStage
{
    [ThreadStatic]
    private static HashSet<ulong>? seen;

    public string Name => "filter_duplicates";
    public StageKind Kind => StageKind.Filter;

    public bool AppliesTo(RecommendationContext context) => !context.Ranks;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var keys = seen ??= new HashSet<ulong>(1024);
        keys.Clear();
        var candidates = context.Candidates.Items;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (!keys.Add(context.Catalog.DuplicateKey(candidates[i].Item))) context.Candidates.Remove(i, "duplicate");
        }
        return ValueTask.CompletedTask;
    }
}
