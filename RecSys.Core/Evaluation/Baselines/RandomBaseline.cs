namespace RecSys.Core.Evaluation.Baselines;

/// <summary>A different random order for every user, the same in every run of one seed.</summary>
public sealed class RandomBaseline(int seed = 1) : IRecommender
{
    public string Name => "random";

    public Knowledge Knows => Knowledge.Cut;

    public void Score(in RankingQuery query, Span<float> scores)
    {
        var random = new Random(HashCode(seed, query.User));
        for (var i = 0; i < scores.Length; i++) scores[i] = random.NextSingle();
    }

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int user) => unchecked((int)(((uint)seed * 2654435761u) ^ ((uint)user * 2246822519u)));
}
