using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// How much each choice counts. Lists are asked for when users come, while most choices of a log follow another one within minutes: those
/// that begin a session may count more, so that the ranker learns what is wanted then, too.
/// </summary>
internal static class ChoiceWeights
{
    /// <summary>
    /// Weights with a mean of about 1. A choice begins a session where its user did nothing in the
    /// <see cref="UserState.SessionGapMs"/> before it, or nothing ever.
    /// </summary>
    /// <param name="log">The whole log.</param>
    /// <param name="choices">Indexes of the choices in it.</param>
    /// <param name="returnShare">
    /// Share of all weight that the choices which begin a session get together, from 0 to below 1; where they are more than that, all
    /// choices count alike.
    /// </param>
    public static float[] Of(InteractionLog log, IReadOnlyList<int> choices, double returnShare)
    {
        var weights = new float[choices.Count];
        Array.Fill(weights, 1);
        // The log need not be walked to find out that all count alike.
        if (returnShare == 0) return weights;
        var begins = Begins(log, choices);
        var returns = begins.Count(begin => begin);
        if (returns == 0 || returns >= returnShare * choices.Count) return weights;
        var more = (float)(returnShare * choices.Count / returns);
        var less = (float)((1 - returnShare) * choices.Count / (choices.Count - returns));
        for (var choice = 0; choice < weights.Length; choice++) weights[choice] = begins[choice] ? more : less;
        return weights;
    }

    private static bool[] Begins(InteractionLog log, IReadOnlyList<int> choices)
    {
        var placeOf = new Dictionary<int, int>(choices.Count);
        for (var choice = 0; choice < choices.Count; choice++) placeOf[choices[choice]] = choice;
        var latest = new long[log.Users.Count];
        Array.Fill(latest, long.MinValue / 2);
        var begins = new bool[choices.Count];
        foreach (var index in log.OrderByTime())
        {
            ref readonly var e = ref log.Events[index];
            if (e.User < 0) continue;
            if (placeOf.TryGetValue(index, out var choice)) begins[choice] = e.TimeMs - latest[e.User] > UserState.SessionGapMs;
            latest[e.User] = e.TimeMs;
        }
        return begins;
    }
}
