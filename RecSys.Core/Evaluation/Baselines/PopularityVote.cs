using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>Orders what a baseline has no opinion of: far below any score that means something, the more popular item first.</summary>
internal static class PopularityVote
{
    private const float Most = 1e-6f;

    /// <param name="log">Its positive events are counted.</param>
    /// <returns>Per item a score from 0 to 1e-6.</returns>
    public static float[] Of(InteractionLog log)
    {
        var counts = new int[log.Items.Count];
        foreach (ref readonly var e in log.Events) counts[e.Item] += e.IsPositive ? 1 : 0;
        return Of(counts);
    }

    /// <param name="counts">Per item, how often it was chosen.</param>
    /// <returns>Per item a score from 0 to 1e-6.</returns>
    public static float[] Of(int[] counts)
    {
        var most = Math.Max(1, counts.Length == 0 ? 1 : counts.Max());
        return Array.ConvertAll(counts, count => Most * count / most);
    }
}
