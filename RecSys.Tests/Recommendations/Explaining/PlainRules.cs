using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Ranking.Forest;
using RecSys.Tests.Ranking;

namespace RecSys.Tests.Recommendations.Explaining;

/// <summary>Ranks the candidates of a <see cref="PlainPipeline"/>, and applies the rules.</summary>
internal sealed class PlainRules(LiveState live, ServingModel model, DecisionTree[] trees, Policy policy)
{
    private const ulong ExplorationSeed = 0xE8_91_0E_00_00_00_00_00;

    public void Rank(PlainPipeline.Request run, PlainOutcome outcome, string requestId, int places)
    {
        var items = run.Order;
        Score(run, outcome);
        Note("rank");
        foreach (var item in items)
        {
            if (live.Catalog.CreatedMs(item) == long.MinValue) continue;
            var age = Math.Max(0, (run.FeatureMs - live.Catalog.CreatedMs(item)) / 86_400_000.0);
            outcome.Scores[item] *= 1 + Math.Max(0, policy.FreshnessBoost - age / policy.FreshnessDaysPerPercent / 100);
        }
        Note("freshness");
        Diversify(items, outcome);
        Note("diversity");
        var list = Sorted(items, outcome);
        Explore(list, requestId, Math.Min(places, list.Count));
        outcome.Moves.Add(("explore", list.Index().ToDictionary(each => each.Item, each => each.Index)));
        outcome.List.AddRange(list.Take(places));

        void Note(string stage) =>
            outcome.Moves.Add((stage, Sorted(items, outcome).Index().ToDictionary(each => each.Item, each => each.Index)));
    }

    // Sorting is stable, as the pipeline's is.
    private static List<int> Sorted(List<int> items, PlainOutcome outcome) => [.. items.OrderByDescending(item => outcome.Scores[item])];

    private void Score(PlainPipeline.Request run, PlainOutcome outcome)
    {
        var width = FeatureCatalogue.Default.Count;
        var items = run.Order;
        var inputs = items.Select(item => new CandidateInput(item, run.Candidates[item].Score, run.Candidates[item].Rank)).ToArray();
        var matrix = new float[items.Count * width];
        var request = FeatureRequest.Of(run.User.Profile, run.User.State, run.FeatureMs, 0, 0, model, run.Embedding);
        new FeatureExtractor(FeatureCatalogue.Default).Fill(request, live.Features, inputs, matrix);
        var raw = ReferenceForest.Score(trees, matrix, items.Count, width);
        var near = inputs.Select(input => (double)input.RetrievalScore).Where(double.IsFinite).ToArray();
        var weight = model.Bundle.Manifest.RetrievalWeight;
        for (var at = 0; at < items.Count; at++)
        {
            outcome.Raw[items[at]] = raw[at];
            var probability = model.Bundle.Calibrator.Calibrate(raw[at]);
            if (weight == 0)
            {
                outcome.Scores[items[at]] = probability;
                continue;
            }
            var clamped = Math.Clamp(probability, 1e-12, 1 - 1e-12);
            var own = double.IsFinite(inputs[at].RetrievalScore) ? inputs[at].RetrievalScore : near.Average();
            var odds = clamped / (1 - clamped) * Math.Exp(weight * (own - near.Max()));
            outcome.Scores[items[at]] = odds / (1 + odds);
        }
    }

    private void Diversify(List<int> items, PlainOutcome outcome)
    {
        var (admitted, surplus, counts) = (new List<int>(), new List<int>(), new Dictionary<int, int>());
        foreach (var item in Sorted(items, outcome))
        {
            if (admitted.Count == policy.DiversityTop) break;
            var category = live.Catalog.CategoryOf(item);
            if (live.Catalog.IsNamed(category) && counts.GetValueOrDefault(category) == policy.MaxPerCategory)
            {
                surplus.Add(item);
                continue;
            }
            if (live.Catalog.IsNamed(category)) counts[category] = counts.GetValueOrDefault(category) + 1;
            admitted.Add(item);
        }
        if (admitted.Count == 0 || (counts.Count == 1 && admitted.Count <= policy.MaxPerCategory)) return;
        var lowest = outcome.Scores[admitted[^1]];
        foreach (var item in surplus) outcome.Scores[item] = lowest = Math.Min(outcome.Scores[item], Math.BitDecrement(lowest));
    }

    private void Explore(List<int> list, string requestId, int length)
    {
        var pool = Math.Min(policy.ExplorationPool, list.Count - length);
        if (policy.ExplorationShare == 0 || pool <= 0) return;
        var drawn = new HashSet<int>();
        for (var place = 0; place < length; place++)
        {
            var at = place;
            var eligible = Enumerable.Range(length, pool)
                .Where(other => !drawn.Contains(other) && MayStandAt(list, at, length, list[other])).ToList();
            if (eligible.Count == 0 || Uniform(requestId, place, 0) >= policy.ExplorationShare) continue;
            var chosen = eligible[(int)(Uniform(requestId, place, 1) * eligible.Count)];
            drawn.Add(chosen);
            (list[place], list[chosen]) = (list[chosen], list[place]);
        }
    }

    private bool MayStandAt(List<int> list, int place, int length, int item)
    {
        var (first, category) = (Math.Min(policy.DiversityTop, length), live.Catalog.CategoryOf(item));
        if (place >= first || !live.Catalog.IsNamed(category) || live.Catalog.CategoryOf(list[place]) == category) return true;
        return list.Take(first).Where((_, at) => at != place).Count(other => live.Catalog.CategoryOf(other) == category)
            < policy.MaxPerCategory;
    }

    private static double Uniform(string requestId, int place, ulong draw) =>
        (StableHash.Of(requestId, ExplorationSeed + 2 * (ulong)place + draw) >> 11) / (double)(1UL << 53);
}
