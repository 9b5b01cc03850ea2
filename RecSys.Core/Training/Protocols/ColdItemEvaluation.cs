using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Measures how well the towers place items that they have never seen used: all events of a share of the items are hidden from training, so
/// that only content is left, and each user's first hidden choice is ranked among everything the user has not met. For comparison the
/// user's next choice of an item that is not hidden is withheld and ranked from the same history.
/// </summary>
public static class ColdItemEvaluation
{
    /// <param name="log">Events, users and items.</param>
    /// <param name="options">Seed and tower settings.</param>
    /// <param name="share">Share of the items with positive events to hide.</param>
    /// <param name="depth">Length of the list in which a hidden item counts as found.</param>
    /// <param name="progress">Told after every epoch; may be null.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="RecSysException">No user with a history chose a hidden item.</exception>
    public static ColdItemReport Run(InteractionLog log, TrainingOptions options, double share = 0.05, int depth = 500,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        log = log.WithUsersMerged().InTimeOrder();
        var cold = Hide(log, share, options.Seed);
        var choices = Choices(log, cold);
        if (choices.Count == 0)
            throw new RecSysException("No user with a history chose one of the hidden items, so nothing can be measured. Hide a larger "
                + "share, or use a larger log.");
        var withheld = choices.Where(choice => choice.Warm >= 0).Select(choice => (choice.User, choice.Warm)).ToHashSet();
        var model = TowerFitting.Fit(log.Where(e => !cold[e.Item] && !withheld.Contains((e.User, e.Item))), options, options.Towers,
            progress, cancellationToken, newItems: cold);
        var recommender = new TowerRecommender(model, log.Users);
        var scores = new float[log.Items.Count];
        double found = 0, foundWarm = 0, byChance = 0;
        foreach (var (user, item, warm, history) in choices)
        {
            cancellationToken.ThrowIfCancellationRequested();
            recommender.Score(user, history, scores);
            if (warm >= 0) foundWarm += FullRanking.RankOf([.. scores], warm, history) <= depth ? 1 : 0;
            found += FullRanking.RankOf(scores, item, history) <= depth ? 1 : 0;
            byChance += Math.Min(1, depth / (double)(log.Items.Count - history.Distinct().Count()));
        }
        return new ColdItemReport(cold.Count(hidden => hidden), choices.Count, depth, found / choices.Count, byChance / choices.Count,
            withheld.Count, withheld.Count == 0 ? null : foundWarm / withheld.Count);
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
