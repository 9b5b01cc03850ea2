using RecSys.Core.Evaluation.OffPolicy;

namespace RecSys.Tests.Evaluation.OffPolicy;

/// <summary>
/// Five items with known chances of a click, shown by one policy and judged for another. Users click more or less than the mean, so that
/// the decisions of one user are not independent. The reward model that comes with the log is wrong on purpose.
/// </summary>
internal static class OffPolicyBandit
{
    private const int PerUser = 5;

    /// <summary>Shows every item often enough.</summary>
    public static readonly double[] Wide = [0.3, 0.25, 0.2, 0.15, 0.1];

    /// <summary>Shows the best item most, which <see cref="Wide"/> shows least.</summary>
    public static readonly double[] Keen = [0.1, 0.1, 0.2, 0.25, 0.35];

    private static readonly double[] Clicks = [0.05, 0.08, 0.1, 0.2, 0.3];

    /// <summary>The true reward per decision.</summary>
    public static double Value(double[] policy) => policy.Zip(Clicks, (share, click) => share * click).Sum();

    public static LoggedDecision[] Log(int users, int seed, double[] served, double[] judged)
    {
        var random = new Random(seed);
        var log = new LoggedDecision[users * PerUser];
        for (var user = 0; user < users; user++)
        {
            // Mean 1.
            var keenness = 0.5 + random.NextDouble();
            for (var i = 0; i < PerUser; i++)
            {
                var item = Draw(served, random);
                var reward = random.NextDouble() < keenness * Clicks[item] ? 1 : 0;
                log[user * PerUser + i] = new LoggedDecision(
                    reward, served[item], judged[item], Guess(item), judged.Select((share, at) => share * Guess(at)).Sum(), user);
            }
        }
        return log;
    }

    private static double Guess(int item) => 0.5 * Clicks[item];

    private static int Draw(double[] policy, Random random)
    {
        var left = random.NextDouble();
        for (var item = 0; item < policy.Length - 1; item++)
        {
            if ((left -= policy[item]) < 0) return item;
        }
        return Array.FindLastIndex(policy, share => share > 0);
    }
}
