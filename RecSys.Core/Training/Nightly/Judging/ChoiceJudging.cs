using System.Diagnostics;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Features;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>
/// Lets models and baselines rank the catalogue at the moments of the same choices of the test part, one of each user, in one replay; and
/// measures how long the models take for it.
/// </summary>
internal sealed class ChoiceJudging
{
    private const int Top = 10;

    // Requests that are timed, each several times of which the shortest counts: what else the machine did is not the model's.
    private const int TimedRequests = 300;
    private const int Repeats = 3;

    private ChoiceJudging(int[] choices) => Choices = choices;

    /// <summary>Indexes of the choices in the log, ascending.</summary>
    public int[] Choices { get; }

    /// <summary>Ranks of each model and baseline.</summary>
    public IReadOnlyList<FullRankingResult> Ranked { get; private set; } = [];

    /// <summary>Milliseconds of each timed request, by model in the order of the models.</summary>
    public IReadOnlyList<double[]> Milliseconds { get; private set; } = [];

    /// <summary>Best items of some requests, by model.</summary>
    public IReadOnlyList<int[][]> TopLists { get; private set; } = [];

    /// <param name="night">The run.</param>
    /// <param name="data">The log.</param>
    /// <param name="fromMs">Begin of the test part, Unix milliseconds.</param>
    /// <param name="models">What is judged.</param>
    /// <param name="popular">Fitted on what came before the test part.</param>
    /// <param name="samples">Requests whose best items are kept.</param>
    /// <param name="ct">Stops between requests.</param>
    public static ChoiceJudging Run(
        NightContext night, NightData data, long fromMs, IReadOnlyList<JudgedModel> models, PopularityBaseline popular, int samples,
        CancellationToken ct)
    {
        var log = data.Log;
        var candidates = TwoStageTraining.Choices(log, fromMs, int.MaxValue, past: data.Past).Where(index => !data.LeftOut[index]);
        var most = night.Options.Nightly.MaxTestChoices;
        int[] choices = [.. ReferenceRows.Thin([.. candidates.DistinctBy(index => log.Events[index].User)], most)];
        var judging = new ChoiceJudging(choices);
        var held = HeldOut(log, data.Past, choices);
        IRecommender[] baselines = [new RandomBaseline(night.Options.Seed), popular];
        judging.Ranked =
        [
            .. baselines.Select(baseline => FullRanking.Evaluate(baseline, held, log.Items.Count, null, night.Progress, ct)),
            .. judging.Rank(night, data, models, samples, ct),
        ];
        return judging;
    }

    private List<FullRankingResult> Rank(
        NightContext night, NightData data, IReadOnlyList<JudgedModel> models, int samples, CancellationToken ct)
    {
        var log = data.Log;
        var extractor = new FeatureExtractor(night.Catalogue);
        var rankings = models
            .Select(model => new TwoStageRanking(log, model.Parts, extractor, night.Options.Candidates, data.Past)).ToArray();
        var ranks = models.Select(_ => new double[Choices.Length]).ToArray();
        var times = models.Select(_ => new long[log.Items.Count]).ToArray();
        var milliseconds = models.Select(_ => new List<double>()).ToArray();
        var tops = models.Select(_ => new List<int[]>()).ToArray();
        var (timedEvery, keptEvery) = (Every(TimedRequests), Every(samples));
        CandidateWalk.Run(log, Choices, withheld: null, (choice, index, state) =>
        {
            for (var turn = 0; turn < models.Count; turn++)
            {
                // Nobody is always the one that finds the caches cold.
                var m = (turn + choice) % models.Count;
                ranks[m][choice] = rankings[m].Rank(index, state);
                var top = rankings[m].Ranked[..Math.Min(Top, rankings[m].Ranked.Length)];
                foreach (var item in top) times[m][item]++;
                if (choice % keptEvery == 0 && tops[m].Count < samples) tops[m].Add(top.ToArray());
                if (choice % timedEvery == 0) milliseconds[m].Add(Time(rankings[m], index, state));
            }
        }, "rank test choices", night.Progress, ct, data.Past);
        Milliseconds = [.. milliseconds.Select(list => list.ToArray())];
        TopLists = [.. tops.Select(list => list.ToArray())];
        var users = Array.ConvertAll(Choices, index => log.Events[index].User);
        return [.. models.Select((model, m) => new FullRankingResult(model.Name, users, ranks[m], times[m]) { Knows = Knowledge.All })];
    }

    private int Every(int wanted) => Math.Max(1, Choices.Length / Math.Max(1, wanted));

    private static double Time(TwoStageRanking ranking, int index, FeatureState state)
    {
        var best = double.MaxValue;
        for (var i = 0; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            ranking.Score(index, state);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }

    // The choices for baselines, which leave out what a user has turned to before.
    private static List<HeldOutChoice> HeldOut(InteractionLog log, LogPast past, int[] choices)
    {
        var users = choices.Select(index => log.Events[index].User).ToHashSet();
        var met = users.ToDictionary(user => user, user => past.ChosenBy(user).ToList());
        var held = new List<HeldOutChoice>();
        var next = 0;
        for (var i = 0; i < log.Events.Length && next < choices.Length; i++)
        {
            var e = log.Events[i];
            if (i == choices[next])
            {
                held.Add(new HeldOutChoice(e.User, e.Item, met[e.User].ToArray(), e.TimeMs));
                next++;
            }
            if (e.IsPositive && e.User >= 0 && users.Contains(e.User)) met[e.User].Add(e.Item);
        }
        return held;
    }
}
