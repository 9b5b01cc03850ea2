using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Recommendations.Sources;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Recommendations.Explaining;

/// <summary>
/// The stages of a request of a known user, without filter, boost and seeds, once more: over the whole catalogue, with lists and sorting,
/// as the documentation of the stages states them. Slow and plain on purpose.
/// </summary>
internal sealed class PlainPipeline(
    LiveState live, ServingModel model, DecisionTree[] trees, Policy policy, long refreshedMs, double newItemDays)
{
    private const int Beyond = 10_000;

    /// <summary>What became of a request.</summary>
    public PlainOutcome Run(string userId, string requestId, DateTimeOffset time, long featureMs, int places)
    {
        var run = new Request(live, model, policy, live.Copy(userId), time, featureMs);
        run.AddNeighbours();
        run.AddNearest();
        run.AddTogether();
        run.AddRanked(Trending(), policy.TrendingLimit, CandidateSources.Trending);
        run.AddRanked(Young(), (int)(policy.NewItemShare * policy.Candidates), CandidateSources.New);
        var outcome = new PlainOutcome { Candidates = [.. run.Candidates.Keys], Against = run.Against, Sources = run.Sources };
        Filter(run, outcome, "filter_unavailable", item => live.Catalog.IsServable(item) ? null : "unavailable");
        Filter(run, outcome, "filter_seen", run.Against);
        var titles = new HashSet<ulong>();
        Filter(run, outcome, "filter_duplicates", item => titles.Add(live.Catalog.DuplicateKey(item)) ? null : "duplicate");
        // The refill, which this pipeline does not have, would begin.
        outcome.IsWhole = run.Candidates.Count >= Math.Max(places, policy.Candidates / 4);
        new PlainRules(live, model, trees, policy).Rank(run, outcome, requestId, places);
        return outcome;
    }

    private static void Filter(Request run, PlainOutcome outcome, string stage, Func<int, string?> against)
    {
        foreach (var item in run.Order.ToList())
        {
            if (against(item) is not { } reason) continue;
            outcome.Removed[item] = (stage, reason);
            run.Candidates.Remove(item);
            run.Order.Remove(item);
        }
    }

    private IEnumerable<int> Servable => Enumerable.Range(0, live.Catalog.Count).Where(live.Catalog.IsServable);

    private IEnumerable<int> Trending()
    {
        var found = new List<(int Item, double Excess)>();
        foreach (var item in Servable)
        {
            live.Features.ItemStates.Read(item, out var counters);
            counters.Advance(refreshedMs);
            double day = counters.Positives.Day, week = counters.Positives.Week;
            var excess = (day - week / 7) / Math.Sqrt(week / 7 + 1);
            if (day >= 3 && excess >= 2) found.Add((item, excess));
        }
        return found.OrderByDescending(each => each.Excess).ThenBy(each => each.Item).Select(each => each.Item);
    }

    private IEnumerable<int> Young()
    {
        var longest = newItemDays * 86_400_000;
        return Servable.Where(item => live.Catalog.CreatedMs(item) != long.MinValue)
            .Select(item => (Item: item, Age: refreshedMs - live.Catalog.CreatedMs(item)))
            .Where(each => each.Age >= 0 && each.Age <= longest)
            .OrderBy(each => live.Features.ItemStates.ImpressionsOf(each.Item)).ThenBy(each => each.Age).ThenBy(each => each.Item)
            .Select(each => each.Item);
    }

    /// <summary>The candidates of one request as they come together.</summary>
    internal sealed class Request
    {
        private readonly LiveState live;
        private readonly ServingModel model;
        private readonly Policy policy;
        private readonly DateTimeOffset time;

        public Request(LiveState live, ServingModel model, Policy policy, UserCopy user, DateTimeOffset time, long featureMs)
        {
            (this.live, this.model, this.policy, User, this.time, FeatureMs) = (live, model, policy, user, time, featureMs);
            Embedding = new float[model.Dimension];
            model.EmbedUser(user.State.RecentItems, user.Profile, 0, 0, Embedding);
            var length = MathF.Sqrt(Embedding.Sum(value => value * value));
            for (var i = 0; i < Embedding.Length; i++) Embedding[i] /= length;
        }

        public UserCopy User { get; }
        public long FeatureMs { get; }
        public float[] Embedding { get; }

        /// <summary>Retrieval score and rank by item.</summary>
        public Dictionary<int, (float Score, int Rank)> Candidates { get; } = [];

        /// <summary>Who proposed each.</summary>
        public Dictionary<int, CandidateSources> Sources { get; } = [];

        /// <summary>In the order in which they came.</summary>
        public List<int> Order { get; } = [];

        public string? Against(int item)
        {
            var met = User.Seen.Find(item);
            if (!met.IsKnown) return null;
            if (met.Rejected) return "rejected";
            if (met.ConsumedMs is { } consumed
                && (policy.ConsumedDays is not { } days || consumed >= FeatureMs - TimeSpan.FromDays(days).TotalMilliseconds))
                return "already_consumed";
            return met.ShownMs >= time.AddDays(-policy.DedupDays).ToUnixTimeMilliseconds() ? "recently_shown" : null;
        }

        public void AddNeighbours()
        {
            var votes = new Dictionary<int, float>();
            var recent = User.State.RecentItems.ToArray().Reverse().Take(20).ToArray();
            int[] others = new int[model.MaxNeighbours];
            var near = new float[model.MaxNeighbours];
            for (var age = 0; age < recent.Length; age++)
            {
                var count = model.ReadNeighbours(recent[age], others, near);
                for (var i = 0; i < count; i++)
                    votes[others[i]] = votes.GetValueOrDefault(others[i]) + near[i] * (float)Math.Pow(2, -age / 2.0);
            }
            var wanted = (int)(policy.Candidates * model.NeighbourShare);
            foreach (var item in votes.OrderByDescending(vote => vote.Value).ThenBy(vote => vote.Key).Select(vote => vote.Key)
                .Where(item => Against(item) is null && live.Catalog.IsServable(item)).Take(wanted))
                AddUnsearched(item, CandidateSources.Neighbours);
        }

        public void AddNearest()
        {
            var (taken, rank) = (Candidates.Count, 0);
            var most = policy.Candidates + Math.Min(User.Seen.Count, 3 * policy.Candidates);
            var nearest = Enumerable.Range(0, live.Catalog.Count).Where(item => !live.Catalog.IsRemoved(item))
                .Select(item => (Item: item, Score: Dot(item))).Where(each => !float.IsNaN(each.Score))
                .OrderByDescending(each => each.Score).Take(most);
            foreach (var (item, score) in nearest)
            {
                if (taken >= policy.Candidates) return;
                var met = User.Seen.Find(item);
                var isNew = met.ConsumedMs is null && met.ShownMs is null;
                var added = Add(item, score, rank, CandidateSources.TwoTower);
                if (!isNew) continue;
                rank++;
                if (added) taken++;
            }
        }

        public void AddTogether()
        {
            if (policy.CoVisitationLimit == 0) return;
            var together = live.Folds.OfType<CoVisitation>().Single();
            var sums = new Dictionary<int, double>();
            var (neighbours, counts, weight) = (new int[together.Capacity], new float[together.Capacity], 1.0);
            foreach (var seed in User.State.RecentItems.ToArray().Reverse().Take(20))
            {
                var count = together.Read(seed, FeatureMs, neighbours, counts);
                for (var i = 0; i < count; i++)
                {
                    var both = Math.Sqrt(together.TotalOf(seed, FeatureMs) * together.TotalOf(neighbours[i], FeatureMs));
                    sums[neighbours[i]] = sums.GetValueOrDefault(neighbours[i]) + weight * counts[i] / (both + 5);
                }
                weight *= 0.9;
            }
            AddRanked(sums.OrderByDescending(sum => sum.Value).Select(sum => sum.Key), policy.CoVisitationLimit,
                CandidateSources.CoVisitation);
        }

        public void AddRanked(IEnumerable<int> ranked, int limit, CandidateSources source)
        {
            foreach (var item in ranked.Where(item => Against(item) is null).Take(limit)) AddUnsearched(item, source);
        }

        private void AddUnsearched(int item, CandidateSources source)
        {
            var score = Dot(item);
            Add(item, score, float.IsNaN(score) ? -1 : Beyond, source);
        }

        private bool Add(int item, float score, int rank, CandidateSources source)
        {
            Sources[item] = Sources.GetValueOrDefault(item) | source;
            if (!Candidates.TryGetValue(item, out var known))
            {
                Candidates[item] = (score, rank);
                Order.Add(item);
                return true;
            }
            if (known.Rank < 0 || (rank >= 0 && rank < known.Rank)) Candidates[item] = (score, rank);
            return false;
        }

        private float Dot(int item) => model.TryGet(item, out var embedding) ? TensorPrimitives.Dot(Embedding, embedding) : float.NaN;
    }
}
