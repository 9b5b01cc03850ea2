using RecSys.Core.Features;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>The challengers that are sent through the gate.</summary>
internal static class ChallengerKinds
{
    // Neither of them is what a model leans on.
    private const string Leaking = "item_log_duration";
    private const string Skewed = "item_age_days";

    // Shown so few items somebody is new.
    private const int FewShown = 30;
    private const int Times = 64;
    private const double PartOfLabels = 0.4;

    public static IReadOnlyList<ChallengerKind> All { get; } =
    [
        new("good", null),
        new("leak", "feature_plausible") { Features = data => With(Leaking, Leak(data, 1)) },
        new("part leak", "gain_plausible") { Features = data => With(Leaking, Leak(data, PartOfLabels)) },
        new("shuffled", "auc") { Rows = Shuffle },
        new("skewed", "skew") { Features = _ => With(Skewed, (compute, scope) => compute(scope) + 1) },
        new("slow", "latency") { Forest = text => RepeatedForest.Of(text, Times) },
        new("newcomers", "segment users=new") { Rows = MisleadAboutNewcomers },
    ];

    private static FeatureCatalogue With(string name, Func<Func<FeatureScope, float>, FeatureScope, float> computed) =>
        new(FeatureCatalogue.Default.Features.Select(feature =>
            feature.Name == name ? feature with { Compute = scope => computed(feature.Compute, scope) } : feature));

    // One more for a part of what will be clicked, known before it was shown.
    private static Func<Func<FeatureScope, float>, FeatureScope, float> Leak(NightData data, double share)
    {
        var (labels, random) = (data.Labels("click"), new Random(1));
        var known = new HashSet<(long, int)>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] > 0 && random.NextDouble() < share) known.Add((data.Log.Events[i].TimeMs, data.Log.Events[i].Item));
        }
        return (compute, scope) => known.Contains((scope.Request.NowMs, scope.Candidate.Item)) ? 100 : compute(scope);
    }

    // Over all lists: within each, whose lists are clicked on would still be told.
    private static void Shuffle(NightData data, string index) => RowLabels.Change(index, lists =>
    {
        var labels = lists.SelectMany(list => list.Labels).ToArray();
        new Random(1).Shuffle(labels);
        var next = 0;
        foreach (var (_, _, own) in lists)
        {
            for (var i = 0; i < own.Length; i++) own[i] = labels[next++];
        }
    });

    // Of those who have just come, it learns that what they left is what they want.
    private static void MisleadAboutNewcomers(NightData data, string index)
    {
        var shown = new Dictionary<int, List<long>>();
        foreach (ref readonly var e in data.Log.Events)
        {
            if (!e.IsImpression) continue;
            if (!shown.TryGetValue(e.User, out var times)) shown.Add(e.User, times = []);
            if (times.Count < FewShown) times.Add(e.TimeMs);
        }
        RowLabels.Change(index, lists =>
        {
            foreach (var (user, timeMs, labels) in lists)
            {
                if (shown[user].Count == FewShown && shown[user][^1] < timeMs) continue;
                for (var i = 0; i < labels.Length; i++) labels[i] = 1 - labels[i];
            }
        });
    }
}
