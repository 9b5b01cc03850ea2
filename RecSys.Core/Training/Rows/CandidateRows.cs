using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// Ranker rows for logs without impressions: at the moment a user chose an item, what would retrieval have proposed? The chosen item is
/// the positive, a sample of the other proposals are the negatives. Choices that retrieval misses are left out: no ranker can help there.
/// </summary>
internal static class CandidateRows
{
    /// <summary>Half of the negatives come from the first so many proposals, where the order matters most.</summary>
    private const int Head = 50;

    /// <param name="log">Events in the order in which they are folded; all of them are.</param>
    /// <param name="targets">Indexes of the choices, ascending. The towers must not have been fitted on them.</param>
    /// <param name="towers">Towers that know nothing of the targets.</param>
    /// <param name="extractor">The feature code that serving uses.</param>
    /// <param name="returnShare">As <see cref="TrainingOptions.ReturnShare"/>; 0: choices count alike.</param>
    /// <param name="options">Candidates, negatives and seed.</param>
    /// <param name="progress">Told how far the replay is.</param>
    /// <param name="cancellationToken">Stops between lists.</param>
    /// <param name="past">What came before the log; null: nothing did.</param>
    public static RankerRows Build(
        InteractionLog log, IReadOnlyList<int> targets, ITowerView towers, FeatureExtractor extractor, double returnShare,
        TrainingOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellationToken, LogPast? past = null)
    {
        var counts = ChoiceWeights.Of(log, targets, returnShare);
        var rows = new RankerRows(extractor.Catalogue.Count, targets.Count * (options.NegativesPerTarget + 1));
        var search = new CandidateSearch(towers, log, options.Candidates, past);
        var sampler = new Sampler(options);
        CandidateWalk.Run(log, targets, withheld: null, Stop, "replay candidates", progress, cancellationToken, past);
        return rows;

        void Stop(int choice, int index, FeatureState state)
        {
            var e = log.Events[index];
            var user = state.FindUser(e.User);
            var chosen = sampler.Choose(search.Find(index, e, user), e.Item, counts[choice]);
            if (chosen.IsEmpty) return;
            var matrix = rows.AddGroup(e.TimeMs, sampler.Labels, sampler.Weights);
            extractor.Fill(RequestOf(log, e, user, towers, search), state, chosen, matrix);
        }
    }

    /// <summary>The feature request of a user at the moment of an event, after <see cref="CandidateSearch.Find"/>.</summary>
    public static FeatureRequest RequestOf(InteractionLog log, in LogEvent e, UserState? user, ITowerView towers, CandidateSearch search) =>
        FeatureRequest.Of(log.Users[e.User], user, e.TimeMs, e.Device, e.Location, towers, search.Embedding);

    private sealed class Sampler(TrainingOptions options)
    {
        private readonly Random random = new(options.Seed);
        private readonly CandidateInput[] chosen = new CandidateInput[options.NegativesPerTarget + 1];
        private readonly float[] labels = new float[options.NegativesPerTarget + 1];
        private readonly float[] weights = new float[options.NegativesPerTarget + 1];
        private int count;

        /// <summary>
        /// How many proposals each row stands for: 1 over the chance of being drawn, so that the heavily sampled head does not look worse
        /// than it is; times what the choice counts.
        /// </summary>
        public ReadOnlySpan<float> Weights => weights.AsSpan(0, count);

        public ReadOnlySpan<float> Labels => labels.AsSpan(0, count);

        /// <summary>
        /// The target among negatives, in the order of the proposals; empty when the target was not proposed. Ranking metrics break ties
        /// by row order, so a target that always came first would look well ranked by a model that knows nothing.
        /// </summary>
        public ReadOnlySpan<CandidateInput> Choose(ReadOnlySpan<CandidateInput> proposed, int target, float counts)
        {
            count = 0;
            var at = -1;
            for (var i = 0; i < proposed.Length && at < 0; i++)
            {
                if (proposed[i].Item == target) at = i;
            }
            if (at < 0) return [];
            // Half from the head; more when there is too little behind it.
            var head = Math.Min(Head, proposed.Length);
            var behind = Math.Min((options.NegativesPerTarget + 1) / 2, proposed.Length - head - (at >= head ? 1 : 0));
            var place = Sample(proposed[..head], at, options.NegativesPerTarget - behind);
            place += Sample(proposed[head..], at - head, behind);
            chosen.AsSpan(place, count - place).CopyTo(chosen.AsSpan(place + 1));
            weights.AsSpan(place, count - place).CopyTo(weights.AsSpan(place + 1));
            (chosen[place], weights[place]) = (proposed[at], 1);
            count++;
            labels.AsSpan(0, count).Clear();
            labels[place] = 1;
            if (counts != 1) TensorPrimitives.Multiply(weights.AsSpan(0, count), counts, weights.AsSpan(0, count));
            return chosen.AsSpan(0, count);
        }

        // Selection sampling (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S): each subset is equally likely.
        // Gives how many of them stand before the place that is left out.
        private int Sample(ReadOnlySpan<CandidateInput> from, int without, int wanted)
        {
            var before = 0;
            var left = from.Length - (without >= 0 && without < from.Length ? 1 : 0);
            var weight = left / (float)Math.Max(1, Math.Min(wanted, left));
            for (var i = 0; i < from.Length && wanted > 0; i++)
            {
                if (i == without) continue;
                if (random.Next(left--) >= wanted) continue;
                weights[count] = weight;
                chosen[count++] = from[i];
                wanted--;
                if (i < without) before++;
            }
            return before;
        }
    }
}
