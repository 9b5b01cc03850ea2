using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;

namespace RecSys.Core.Training;

/// <summary>
/// Protocol <c>leave-one-out</c>: each user's last entry is the test, the one before it validation; the whole catalogue without the user's seen
/// items is ranked. Baselines are fitted on what comes before both. The ranker learns from the validation entries and the two before them, which the
/// towers have not seen, and from nothing later.
/// </summary>
public sealed class LeaveOneOutEvaluation(FeatureCatalogue catalogue, TrainingOptions options)
{
    /// <summary>Name of the protocol.</summary>
    public const string Protocol = "leave-one-out";

    /// <summary>Entries before the test that the ranker learns from, where the user has enough of them.</summary>
    private const int RankerEntries = 3;

    /// <summary>Users with fewer entries leave the ranker one only, so that the towers keep knowing their items.</summary>
    private const int ShortSequence = 12;

    /// <exception cref="RecSysException">No user has three different items.</exception>
    public EvaluationReport Run(InteractionLog log, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var split = LeaveOneOutSplit.Create(log);
        if (split.Evaluated.Count == 0)
            throw new RecSysException("No user has three or more items, so nothing can be left out. Import a data set with longer histories, or use --protocol time-split.");
        var rows = new List<EvaluationRow>();
        foreach (var baseline in (IRecommender[])[new RandomBaseline(options.Seed), PopularityBaseline.Fit(split.Train), ItemKnnBaseline.Fit(split.Train, null, cancellationToken)])
            rows.Add(FullRanking.Evaluate(baseline, split, null, progress, cancellationToken).ToRow());

        var towers = TowerFitting.Fit(TowerLog(split), options, progress, cancellationToken);
        rows.Add(FullRanking.Evaluate(new TowerRecommender(towers, log.Users), split, null, progress, cancellationToken).ToRow());

        using var view = new TowerView(towers, log.Users);
        var extractor = new FeatureExtractor(catalogue, log.Items);
        var withheld = Withheld(split);
        var known = new InteractionLog(log.Items, log.Users, [.. log.Events.ToArray().Where((_, index) => !withheld[index])]);
        var lists = CandidateRows.Build(known, RankerChoices(split, withheld), view, extractor, options, progress);
        var ranker = RankerFitting.Fit(lists, options, catalogue, progress, cancellationToken);
        using var model = new TwoStageModel(towers, view, ranker, lists);
        rows.Add(RankTests(split, withheld, new TwoStageRanking(log, model, extractor, options.Candidates), progress).ToRow());
        return new EvaluationReport(Protocol, rows) { Importance = ImportanceStudy.Run(ranker, test: null, options.Seed) };
    }

    // True for the test entry and everything its user did with the item afterwards.
    private static bool[] Withheld(LeaveOneOutSplit split)
    {
        var withheld = new bool[split.All.Events.Length];
        var tests = split.Users.ToDictionary(user => user.User);
        for (var i = 0; i < withheld.Length; i++)
        {
            ref readonly var e = ref split.All.Events[i];
            withheld[i] = tests.TryGetValue(e.User, out var user) && user.HasHeldOut && e.Item == user.TestItem && i >= user.TestEvent;
        }
        return withheld;
    }

    private static ReadOnlySpan<int> RankerEvents(UserSequence user) =>
        user.Sequence.Length < ShortSequence ? user.Events.Span[^2..^1] : user.Events.Span[^(RankerEntries + 1)..^1];

    // What stands before the entries of the ranker and of the test, with all that their users did with those items afterwards left out.
    private static InteractionLog TowerLog(LeaveOneOutSplit split)
    {
        var all = split.All.Events;
        var from = new Dictionary<(int User, int Item), int>();
        foreach (var user in split.Evaluated)
        {
            foreach (var at in RankerEvents(user)) from.TryAdd((user.User, all[at].Item), at);
            from.TryAdd((user.User, user.TestItem), user.TestEvent);
        }
        var kept = new List<LogEvent>(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            if (!from.TryGetValue((all[i].User, all[i].Item), out var first) || i < first) kept.Add(all[i]);
        }
        return new InteractionLog(split.All.Items, split.All.Users, [.. kept]);
    }

    // Indexes in the log without the withheld events.
    private static List<int> RankerChoices(LeaveOneOutSplit split, bool[] withheld)
    {
        var choices = new HashSet<int>();
        foreach (var user in split.Evaluated)
        {
            foreach (var at in RankerEvents(user)) choices.Add(at);
        }
        var indexes = new List<int>(choices.Count);
        var index = 0;
        for (var i = 0; i < withheld.Length; i++)
        {
            if (choices.Contains(i)) indexes.Add(index);
            if (!withheld[i]) index++;
        }
        return indexes;
    }

    private static FullRankingResult RankTests(LeaveOneOutSplit split, bool[] withheld, TwoStageRanking ranking, IProgress<WorkProgress>? progress)
    {
        var users = split.Evaluated.OrderBy(user => user.TestEvent).ToArray();
        var ranks = new double[users.Length];
        var times = new long[split.All.Items.Count];
        CandidateWalk.Run(split.All, [.. users.Select(user => user.TestEvent)], withheld, (choice, index, state) =>
        {
            ranks[choice] = ranking.Rank(index, state);
            foreach (var item in ranking.Ranked[..Math.Min(10, ranking.Ranked.Length)]) times[item]++;
        }, "rank two-stage", progress);
        return new FullRankingResult("two-stage", [.. users.Select(user => user.User)], ranks, times);
    }
}
