using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>
/// The baselines that stand in every table, whatever the protocol: random, popular, popular lately, item-knn, item-knn by gaps,
/// transitions and the neighbours of the last item.
/// </summary>
public static class BaselineSet
{
    /// <summary>More validation choices than this do not tell settings apart any better.</summary>
    public const int EnoughChoices = 2000;

    /// <summary>Names of their rows, in the order of <see cref="Fit"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["random", "popular", "popular-lately", "item-knn", "item-knn-gap", "transitions", "last-item"];

    private static readonly double[] recentHours = [1, 6, 24, 3 * 24, 7 * 24, 30 * 24];
    private static readonly double[] pairHalfLives = [1, 2, 5, 10, 30, 100];
    private static readonly double[] historyHalfLives = [1, 2, 4, 8, 16, 32];

    /// <summary>Fits all baselines, in the order in which they are reported.</summary>
    /// <param name="train">What they learn from.</param>
    /// <param name="known">What may be known at requests beside it; each request knows the part before its own moment.</param>
    /// <param name="settings">From <see cref="Choose"/>.</param>
    /// <param name="seed">Of <c>random</c>.</param>
    /// <param name="cancellationToken">Stops between fits.</param>
    public static IReadOnlyList<IRecommender> Fit(
        InteractionLog train, InteractionLog known, BaselineSettings settings, int seed, CancellationToken cancellationToken)
    {
        var plain = ItemKnnBaseline.Fit(train, null, cancellationToken);
        return
        [
            new RandomBaseline(seed),
            PopularityBaseline.Fit(train),
            RecentPopularity.Fit(train, known, TimeSpan.FromHours(settings.RecentHours)),
            plain,
            ByGap(train, settings.PairHalfLife, cancellationToken)(settings.HistoryHalfLife),
            TransitionBaseline.Fit(train),
            plain.Voting("last-item", historyLength: 1, historyHalfLife: 1),
        ];
    }

    /// <summary>
    /// Chooses windows and half-lives by NDCG@10 on the validation part; of equal ones the first. Where there is nothing to tell in it,
    /// <see cref="BaselineSettings.Unchosen"/>.
    /// </summary>
    /// <param name="train">What the baselines learn from; ends before the validation part.</param>
    /// <param name="known">What may be known at requests of the validation part; each knows the part before its own moment.</param>
    /// <param name="validate">Ranks what is to be told in the validation part.</param>
    /// <param name="progress">Told how many settings were tried.</param>
    /// <param name="cancellationToken">Stops between settings.</param>
    public static BaselineSettings Choose(
        InteractionLog train, InteractionLog known, Func<IRecommender, FullRankingResult> validate, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (done, total) = (0, recentHours.Length + pairHalfLives.Length * historyHalfLives.Length);
        var recent = RecentPopularity.Fit(train, known, TimeSpan.FromHours(recentHours[0]));
        if (validate(recent).Ranks.Length == 0) return BaselineSettings.Unchosen;
        var hours = recentHours.MaxBy(hours => Judge(recent.Over(TimeSpan.FromHours(hours))));
        var gap = pairHalfLives.SelectMany(pair =>
        {
            var byHistory = ByGap(train, pair, cancellationToken);
            return historyHalfLives.Select(history => (Pair: pair, History: history, Ndcg: Judge(byHistory(history))));
        }).MaxBy(tried => tried.Ndcg);
        return new BaselineSettings(hours, gap.Pair, gap.History);

        double Judge(IRecommender model)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ndcg = validate(model).Ndcg(10);
            progress?.Report(new WorkProgress("choose baselines", ++done, total, "settings"));
            return ndcg;
        }
    }

    /// <summary>Name of the one with the best NDCG@10 on the validation part; null where there is nothing to tell in it.</summary>
    /// <param name="fitted">From <see cref="Fit"/>, of what ends before the validation part.</param>
    /// <param name="validate">Ranks what is to be told in the validation part.</param>
    public static string? Best(IReadOnlyList<IRecommender> fitted, Func<IRecommender, FullRankingResult> validate)
    {
        var results = fitted.Select(validate).Where(result => result.Ranks.Length > 0).ToArray();
        return results.MaxBy(result => result.Ndcg(10))?.Model;
    }

    // The neighbours are the same whatever the votes of the history.
    private static Func<double, ItemKnnBaseline> ByGap(InteractionLog train, double pairHalfLife, CancellationToken cancellationToken)
    {
        var options = new ItemKnnOptions { PairHalfLife = pairHalfLife };
        var model = ItemKnnBaseline.Fit(train, options, cancellationToken);
        return historyHalfLife => model.Voting("item-knn-gap", options.HistoryLength, historyHalfLife);
    }
}
