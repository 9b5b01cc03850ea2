using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>
/// Item-based collaborative filtering: items are similar when the same users took both (cosine of their user sets, with shrinkage),
/// and an item's score is the sum of its similarities to the user's latest items, the latest counting most
/// (Sarwar et al., 2001; Deshpande and Karypis, 2004). Strong on small catalogues, blind to new items.
/// </summary>
public sealed class ItemKnnBaseline : IRecommender
{
    private readonly ItemKnnOptions options;
    private readonly ItemNeighbours neighbours;
    private readonly float[] popularity;
    private readonly float[] voteByAge;

    private ItemKnnBaseline(ItemKnnOptions options, ItemNeighbours neighbours, float[] popularity)
    {
        this.options = options;
        this.neighbours = neighbours;
        this.popularity = popularity;
        voteByAge = ItemNeighbours.Halving(options.HistoryLength, options.HistoryHalfLife);
    }

    public string Name { get; private init; } = "item-knn";

    public Knowledge Knows => Knowledge.User;

    /// <summary>Neighbours of an item, most similar first.</summary>
    public ReadOnlySpan<int> NeighboursOf(int item) => neighbours.Of(item);

    /// <summary>Similarities of <see cref="NeighboursOf"/>, above 0 and at most 1.</summary>
    public ReadOnlySpan<float> SimilaritiesOf(int item) => neighbours.SimilaritiesOf(item);

    /// <summary>Fits on all cores; see <see cref="ItemNeighbours.Fit"/>.</summary>
    public static ItemKnnBaseline Fit(InteractionLog log, ItemKnnOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ItemKnnOptions();
        var found = ItemNeighbours.Fit(log, options, cancellationToken);
        return new ItemKnnBaseline(options, found, PopularityVote.Of(found.Users));
    }

    /// <summary>The same neighbours under another name, with other votes of the user's history.</summary>
    /// <param name="name">Name of its row.</param>
    /// <param name="historyLength">See <see cref="ItemKnnOptions.HistoryLength"/>.</param>
    /// <param name="historyHalfLife">See <see cref="ItemKnnOptions.HistoryHalfLife"/>.</param>
    public ItemKnnBaseline Voting(string name, int historyLength, double historyHalfLife)
    {
        var other = options with { HistoryLength = historyLength, HistoryHalfLife = historyHalfLife };
        return new ItemKnnBaseline(other, neighbours, popularity) { Name = name };
    }

    public void Score(in RankingQuery query, Span<float> scores)
    {
        popularity.CopyTo(scores);
        var history = query.History;
        var latest = history.Length > options.HistoryLength ? history[^options.HistoryLength..] : history;
        for (var age = 0; age < latest.Length; age++)
        {
            var item = latest[latest.Length - 1 - age];
            var vote = voteByAge[age];
            var near = neighbours.Of(item);
            var similarity = neighbours.SimilaritiesOf(item);
            for (var n = 0; n < near.Length; n++) scores[near[n]] += vote * similarity[n];
        }
    }
}
