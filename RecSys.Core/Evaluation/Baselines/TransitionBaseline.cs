using RecSys.Core.Domain;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Transitions;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>
/// What users turned to after the user's latest items, by the gaps between them (<see cref="ItemTransitions"/>): the followers of the
/// latest item count fully, those of the one before it half, up to five items back; what follows none of them by its positive events.
/// </summary>
public sealed class TransitionBaseline : IRecommender
{
    private readonly ItemTable transitions;
    private readonly float[] votes;

    private TransitionBaseline(ItemTable transitions, float[] votes) => (this.transitions, this.votes) = (transitions, votes);

    public string Name => "transitions";

    public Knowledge Knows => Knowledge.User;

    public static TransitionBaseline Fit(InteractionLog train)
    {
        return new TransitionBaseline(ItemTransitions.Fit(train), PopularityVote.Of(train));
    }

    public void Score(in RankingQuery query, Span<float> scores)
    {
        votes.CopyTo(scores);
        for (var back = 1; back <= Math.Min(ItemTransitions.Reach, query.History.Length); back++)
        {
            var item = query.History[^back];
            var followers = transitions.Of(item);
            var weights = transitions.WeightsOf(item);
            for (var f = 0; f < followers.Length; f++) scores[followers[f]] += MathF.ScaleB(weights[f], 1 - back);
        }
    }
}
