using RecSys.Core.Evaluation;

namespace RecSys.Core.Training.Protocols;

/// <summary>Adds up what the candidates of served lists hold, beside as many of the most popular items.</summary>
/// <param name="popular">Orders by popularity, for everybody alike.</param>
/// <param name="items">Of the catalogue.</param>
internal sealed class ServedUnionTally(IRecommender popular, int items)
{
    private readonly float[] scores = new float[items];
    private long candidates;
    private int users;
    private int choices;
    private int held;
    private int heldByPopular;

    public void Add(int user, HashSet<int> list, IReadOnlyList<int> wanted)
    {
        popular.Score(new RankingQuery(user, []), scores);
        (candidates, users, choices) = (candidates + list.Count, users + 1, choices + wanted.Count);
        foreach (var item in wanted)
        {
            held += list.Contains(item) ? 1 : 0;
            heldByPopular += FullRanking.RankOf(scores, item, []) <= list.Count ? 1 : 0;
        }
    }

    public ServedUnion ToReport() => new(candidates / (double)users, held / (double)choices, heldByPopular / (double)choices);
}
