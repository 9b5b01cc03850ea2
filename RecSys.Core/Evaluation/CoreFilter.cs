using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>
/// The k-core of a log: what is left when users and items with fewer than k entries of <see cref="InteractionSequence"/> are taken out
/// until none is left. Published comparisons on sequences are made on 5-cores.
/// </summary>
internal static class CoreFilter
{
    /// <param name="log">In time order, users merged.</param>
    /// <param name="least">k, at least 1.</param>
    /// <returns>
    /// The log without the events of users and items outside the core; impressions and other events of those inside stay.
    /// </returns>
    public static InteractionLog Core(InteractionLog log, int least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        while (true)
        {
            var sequences = UserSequence.AllOf(log);
            var counts = new int[log.Items.Count];
            foreach (var user in sequences)
            {
                foreach (var item in user.Sequence.Span) counts[item]++;
            }
            var kept = log.Where(e => counts[e.Item] >= least && (e.User < 0 || sequences[e.User].Sequence.Length >= least));
            if (kept.Events.Length == log.Events.Length) return log;
            log = kept;
        }
    }
}
