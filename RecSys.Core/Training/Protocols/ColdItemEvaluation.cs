using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Measures how well the towers place items that they have never seen used: all events of a share of the items are hidden from training, so
/// that only content is left, and each user's first hidden choice is ranked among everything the user has not met. For comparison the
/// user's next choice of an item that is not hidden is withheld and ranked from the same history. All of it twice: by the embeddings that
/// training computed, and by a server that gets the hidden items as new ones; the two must agree.
/// </summary>
public static class ColdItemEvaluation
{
    // An approximate index is tuned on embeddings of so many users.
    private const int TuningQueries = 200;

    /// <param name="log">Events, users and items.</param>
    /// <param name="options">Seed, tower settings, index and text encoder.</param>
    /// <param name="share">Share of the items with positive events to hide.</param>
    /// <param name="depth">Length of the list in which a hidden item counts as found.</param>
    /// <param name="progress">Told after every epoch; may be null.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="RecSysException">No user with a history chose a hidden item.</exception>
    public static async Task<ColdItemReport> RunAsync(InteractionLog log, TrainingOptions options, double share = 0.05, int depth = 500,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        log = log.WithUsersMerged().InTimeOrder();
        var cold = Hide(log, share, options.Seed);
        var choices = Choices(log, cold);
        if (choices.Count == 0)
            throw new RecSysException(FormattableString.Invariant(
                $"No user with a history chose one of the {cold.Count(hidden => hidden)} hidden items ({share:0.##%} of those with ")
                + "positive events), so nothing can be measured. Hide more with --cold-share, such as --cold-share 30, or import a "
                + "larger log.");
        var withheld = choices.Where(choice => choice.Warm >= 0).Select(choice => (choice.User, choice.Warm)).ToHashSet();
        var known = log.Where(e => !cold[e.Item] && !withheld.Contains((e.User, e.Item)));
        var model = TowerFitting.Fit(known, options, options.Towers, progress, cancellationToken, newItems: cold);
        using var live = await LiveAddition.ServeAsync(model, known, cold, options, Queries(model, log.Users, choices), cancellationToken);
        var recommender = new TowerRecommender(model, log.Users);
        var scores = new float[log.Items.Count];
        var (found, foundWarm, liveFound, liveWarm, differing, byChance) = (0, 0, 0, 0, 0, 0.0);
        foreach (var (user, item, warm, history) in choices)
        {
            cancellationToken.ThrowIfCancellationRequested();
            recommender.Score(new RankingQuery(user, history), scores);
            if (warm >= 0) Count(FullRanking.RankOf([.. scores], warm, history) <= depth, warm, ref foundWarm, ref liveWarm);
            Count(FullRanking.RankOf(scores, item, history) <= depth, item, ref found, ref liveFound);
            byChance += Math.Min(1, depth / (double)(log.Items.Count - history.Distinct().Count()));

            void Count(bool isFound, int wanted, ref int offline, ref int served)
            {
                var isServed = live.Finds(wanted, log.Users[user], history, depth);
                (offline, served) = (offline + (isFound ? 1 : 0), served + (isServed ? 1 : 0));
                if (isFound != isServed) differing++;
            }
        }
        double count = choices.Count;
        double? OfWarm(int hits) => withheld.Count == 0 ? null : hits / (double)withheld.Count;
        return new ColdItemReport(cold.Count(hidden => hidden), choices.Count, depth, found / count, byChance / count, withheld.Count,
            OfWarm(foundWarm), new LiveAdditionReport(liveFound / count, OfWarm(liveWarm), live.TakenIn, differing,
            Enumerable.Range(0, cold.Length).Where(item => cold[item]).Max(item => live.DistanceOf(item, EmbeddingOf(model, item)))));
    }

    private static ReadOnlySpan<float> EmbeddingOf(TwoTowerModel model, int item) =>
        model.ItemEmbeddings.AsSpan(item * model.Dimension, model.Dimension);

    private static ReadOnlyMemory<float> Queries(
        TwoTowerModel model, UserDirectory users, List<(int User, int Item, int Warm, int[] History)> choices)
    {
        var queries = new float[Math.Min(TuningQueries, choices.Count) * model.Dimension];
        for (var at = 0; at < queries.Length / model.Dimension; at++)
            model.UserTower.Embed(choices[at].History, users[choices[at].User], device: 0, location: 0, model.ItemEmbeddings,
                queries.AsSpan(at * model.Dimension, model.Dimension));
        return queries;
    }

    private static bool[] Hide(InteractionLog log, double share, int seed)
    {
        var used = new bool[log.Items.Count];
        foreach (ref readonly var e in log.Events) used[e.Item] |= e.IsPositive;
        var items = Enumerable.Range(0, used.Length).Where(item => used[item]).ToArray();
        new Random(seed).Shuffle(items);
        var cold = new bool[used.Length];
        foreach (var item in items.AsSpan(0, (int)Math.Ceiling(items.Length * share))) cold[item] = true;
        return cold;
    }

    // The first hidden item that each user turned to, what the user had met before, without other hidden items, and the next new item
    // that is not hidden (-1: none).
    private static List<(int User, int Item, int Warm, int[] History)> Choices(InteractionLog log, bool[] cold)
    {
        var sequences = new List<int>?[log.Users.Count];
        var place = new int[log.Users.Count];
        var choices = new List<(int User, int Item, int Warm, int[] History)>();
        foreach (ref readonly var e in log.Events)
        {
            if (e.User < 0 || !e.IsPositive) continue;
            var sequence = sequences[e.User] ??= [];
            if (place[e.User] > 0)
            {
                ref var choice = ref CollectionsMarshal.AsSpan(choices)[place[e.User] - 1];
                if (choice.Warm < 0 && !cold[e.Item] && !choice.History.AsSpan().Contains(e.Item)) choice.Warm = e.Item;
            }
            else if (!cold[e.Item])
            {
                if (InteractionSequence.Extends(CollectionsMarshal.AsSpan(sequence), e)) sequence.Add(e.Item);
            }
            else if (sequence.Count > 0)
            {
                choices.Add((e.User, e.Item, -1, [.. sequence]));
                place[e.User] = choices.Count;
            }
        }
        return choices;
    }
}
