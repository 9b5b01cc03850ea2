using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Challengers;

/// <summary>What a list of challengers must be like as a whole.</summary>
internal static class ChallengerRules
{
    /// <summary>Most challengers beside the one of <c>Training:Ranker</c>.</summary>
    public const int Most = 4;

    // The names of all others in a comparison.
    private static readonly string[] taken =
    [
        JudgedModel.Challenger, JudgedModel.Champion, JudgedModel.Previous, JudgedModel.Popular, JudgedModel.Random, JudgedModel.Refitted,
    ];

    /// <summary>What is wrong, in words that say what to do; nothing where all is well.</summary>
    public static IEnumerable<string> Faults(TrainingOptions options)
    {
        const string path = NightlyOptions.ChallengersPath;
        var challengers = options.Nightly.Challengers;
        if (challengers.Count > Most)
            yield return $"{path} has {challengers.Count} entries, and a night has at most {Most} challengers beside that of "
                + "Training:Ranker. Remove some.";
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in challengers)
        {
            if (taken.Contains(one.Name, StringComparer.OrdinalIgnoreCase))
                yield return $"{path}: {one.Name} is the name of another model of the comparison. Choose one beside "
                    + $"{string.Join(", ", taken)}.";
            else if (!names.Add(one.Name))
                yield return $"{path}: {one.Name} is there twice. Give each challenger a name of its own; the case of letters does not "
                    + "tell names apart.";
        }
        // Which ranker a night fits is known once it has its rows: only what is the same model whatever the log is there for nothing.
        var first = (options.Ranker, options.ChoiceRanker);
        foreach (var one in challengers.Where(one => RankersOf(one) == first))
            yield return $"{path}: {one.Name} has the settings of Training:Ranker and Training:ChoiceRanker and would be the same model. "
                + "Set what is other, such as NumLeaves, or remove it.";
        foreach (var same in challengers.GroupBy(RankersOf).Where(same => same.Key != first && same.Count() > 1))
            yield return $"{path}: {string.Join(" and ", same.Select(one => one.Name))} have the same settings. Keep one of them.";

        (LightGbmOptions Ranker, LightGbmOptions ChoiceRanker) RankersOf(ChallengerOptions one) =>
            (one.Over(options.Ranker), one.Over(options.ChoiceRanker));
    }
}
