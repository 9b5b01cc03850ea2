using RecSys.Core.Domain;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Simulation;

namespace RecSys.Tests.Evaluation.OffPolicy;

/// <summary>Models judged by places that were drawn evenly, in a world whose click probabilities are known.</summary>
public sealed class ExploredPlacesTests
{
    private const double Top = 0.2;
    private const int PoolSize = 15;

    private static readonly SyntheticWorld World = SyntheticWorld.Create(new WorldOptions { Items = 120, Users = 400, Days = 1, Seed = 5 });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static OffPolicyOptions Options => new() { Samples = 500 };

    [Fact]
    public void Judged_PoolsByHand_HasTheProbabilitiesOfADrawAmongTheBest()
    {
        ExploredPlace[] places =
        [
            new(7, 0, [3, 5, 7, 9], 1, 0, 1L << 32, 1), new(5, 0, [3, 5, 7, 9], 0, 0, 2L << 32, 2), new(9, 1, [9, 11], 0, 0, 3L << 32, 1),
        ];

        var decisions = ExploredPlaces.Judged(places, [[0.1, 0.2, 0.4, 0.3], [0.9, 0.2, double.NaN, 0.3], [0.5, 0.5]], top: 0.5);

        Assert.Equal([0.25, 0.25, 0.5], decisions.Select(decision => decision.Logged));
        // 7 and 9; 3 and 9, not 5; of two alike the first.
        Assert.Equal([0.5, 0, 1], decisions.Select(decision => decision.Target));
        Assert.Equal([1, 0, 0], decisions.Select(decision => decision.Reward));
        Assert.Equal([1L, 2, 1], decisions.Select(decision => decision.Cluster));
        // The first and the third are predicted by the second alone, which has no click: the rate of all, 0, everywhere.
        Assert.Equal([0, 0], new[] { decisions[0].Predicted, decisions[2].PredictedTarget }.Select(value => value!.Value));
        // The second by these two, of one click: 7 has more of it than 3 and 9, and all of them more than nothing.
        Assert.True(decisions[1].PredictedTarget > 0);
        Assert.Single(ExploredPlaces.Best([0.3, 0.1], 0.001));
    }

    [Fact]
    public void Estimates_ModelsOfAKnownWorld_AgreeWithTheTruthWithinTheirIntervals()
    {
        var trial = new Trial(seed: 1, places: 6000);

        var (snips, robust, gain) = trial.Estimate();

        Assert.InRange(trial.Good, snips.Low, snips.High);
        Assert.InRange(trial.Good, robust.Low, robust.High);
        Assert.InRange(trial.Good - trial.Blind, gain.Low, gain.High);
        // And they tell the models apart, although nothing was served by either.
        Assert.True(gain.Low > 0, $"{gain}");
        Assert.True(trial.Good > 1.3 * trial.Blind, $"{trial.Good} and {trial.Blind}");
    }

    [Fact]
    public void Estimates_ManyLogs_HoldTheTruthAboutAsOftenAsTheyPromise()
    {
        var (covered, trials) = (0, 60);
        for (var seed = 100; seed < 100 + trials; seed++)
        {
            var trial = new Trial(seed, places: 1500);
            var gain = trial.Estimate().Gain;
            covered += gain.Low <= trial.Good - trial.Blind && trial.Good - trial.Blind <= gain.High ? 1 : 0;
        }

        // Of 60 intervals of 95 % fewer than 51 hold it once in some thousand times.
        Assert.InRange(covered, 51, trials);
    }

    [Fact]
    public void Difference_OfAPolicyAndItself_IsNothing()
    {
        var trial = new Trial(seed: 1, places: 500);

        var difference = PolicyDifference.Of(
            trial.Decisions(trial.GoodScores), trial.Decisions(trial.GoodScores), OffPolicyEstimator.DoublyRobust, Options, Ct);

        Assert.Equal((0, 0, 0), (difference.Value, difference.Low, difference.High));
    }

    [Fact]
    public void Difference_OfTwoPolicies_IsThatOfTheirEstimates()
    {
        var trial = new Trial(seed: 2, places: 3000);
        var (good, blind) = (trial.Decisions(trial.GoodScores), trial.Decisions(trial.BlindScores));

        foreach (var estimator in (OffPolicyEstimator[])[OffPolicyEstimator.Snips, OffPolicyEstimator.DoublyRobust])
        {
            var difference = PolicyDifference.Of(good, blind, estimator, Options, Ct);
            var one = OffPolicyEvaluation.Run(good, Options, Ct)[estimator];
            var other = OffPolicyEvaluation.Run(blind, Options, Ct)[estimator];
            Assert.Equal(one.Value.Value - other.Value.Value, difference.Value, 1e-12);
            // The same draws for both: what they share is no noise of the difference.
            Assert.True(difference.High - difference.Low < one.Value.High - one.Value.Low + other.Value.High - other.Value.Low);
        }
    }

    [Fact]
    public void Difference_OfOtherDecisions_IsRefused()
    {
        var trial = new Trial(seed: 2, places: 500);
        var decisions = trial.Decisions(trial.GoodScores);
        var altered = decisions.ToArray();
        altered[3] = altered[3] with { Reward = 1 - altered[3].Reward };

        Assert.Throws<RecSysException>(() => PolicyDifference.Of(decisions, [.. decisions.Skip(1)], OffPolicyEstimator.Snips, Options, Ct));
        var failure = Assert.Throws<RecSysException>(
            () => PolicyDifference.Of(decisions, altered, OffPolicyEstimator.Snips, Options, Ct));
        Assert.Contains("Decision 3", failure.Message, StringComparison.Ordinal);
    }

    // Places of random users at random moments, each from a pool of its own; a model that knows the truth, and one that knows nothing.
    private sealed class Trial
    {
        private readonly List<ExploredPlace> places = [];

        public Trial(int seed, int places)
        {
            var random = new Random(seed);
            for (var i = 0; i < places; i++) Add(random);
            (Good, Blind) = (Good / places, Blind / places);
        }

        public List<double[]> GoodScores { get; } = [];
        public List<double[]> BlindScores { get; } = [];

        /// <summary>Clicks per place that each model's best bring about, by the world's own probabilities.</summary>
        public double Good { get; private set; }
        public double Blind { get; private set; }

        public LoggedDecision[] Decisions(IReadOnlyList<double[]> scores) => ExploredPlaces.Judged(places, scores, Top);

        public (Core.Evaluation.Estimate Snips, Core.Evaluation.Estimate Robust, Core.Evaluation.Estimate Gain) Estimate()
        {
            var (good, blind) = (Decisions(GoodScores), Decisions(BlindScores));
            var report = OffPolicyEvaluation.Run(good, Options, Ct);
            Assert.Null(report.Refusal);
            return (report[OffPolicyEstimator.Snips].Value, report[OffPolicyEstimator.DoublyRobust].Value,
                PolicyDifference.Of(good, blind, OffPolicyEstimator.DoublyRobust, Options, Ct));
        }

        private void Add(Random random)
        {
            var (user, place) = (random.Next(World.Users.Count), random.Next(4));
            var time = World.Options.Start.AddHours(random.NextDouble() * 24);
            int[] pool = [.. Enumerable.Range(0, World.Items.Count).OrderBy(_ => random.Next()).Take(PoolSize).Order()];
            var truth = Array.ConvertAll(pool, item => World.ClickProbability(World.Users[user], World.Items[item].Id, time, place));
            var drawn = random.Next(pool.Length);
            places.Add(new ExploredPlace(
                pool[drawn], place, pool, random.NextDouble() < truth[drawn] ? 1 : 0, time.ToUnixTimeMilliseconds(), random.NextInt64(),
                user));
            GoodScores.Add(truth);
            BlindScores.Add(Array.ConvertAll(pool, item => (double)(item * 7919 % 120)));
            Good += Mean(GoodScores[^1]);
            Blind += Mean(BlindScores[^1]);

            double Mean(double[] scores) => pool.Select((_, at) => at).OrderByDescending(at => scores[at]).Take(3).Average(at => truth[at]);
        }
    }
}
