using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// What came of each impression. Labels look into the future by nature and are kept apart from the state that features read.
/// </summary>
public static class ImpressionLabels
{
    /// <summary>Time within which a positive event counts for an impression: 30 minutes.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(30);

    /// <summary>
    /// For each event of the log: 1 for an impression that a positive event of the same user and item followed within the window, 0 for any
    /// other impression, NaN for everything else and for what is nobody's. A positive event counts for the latest impression before it
    /// only.
    /// </summary>
    /// <param name="log">In any order; what followed what goes by the times.</param>
    /// <param name="window">Inclusive; null for <see cref="DefaultWindow"/>.</param>
    /// <param name="counts">Which events make the label 1; null for those of positive meaning.</param>
    public static float[] Of(InteractionLog log, TimeSpan? window = null, Func<LogEvent, bool>? counts = null)
    {
        var windowMs = (long)(window ?? DefaultWindow).TotalMilliseconds;
        var events = log.Events;
        var labels = new float[events.Length];
        var shown = new Dictionary<(int User, int Item), int>();
        var order = log.IsInTimeOrder ? null : log.OrderByTime();
        for (var at = 0; at < events.Length; at++)
        {
            var i = order is null ? at : order[at];
            ref readonly var e = ref events[i];
            labels[i] = float.NaN;
            // Of nobody's events none is known to answer another.
            if (e.User < 0) continue;
            if (e.IsImpression)
            {
                labels[i] = 0;
                shown[(e.User, e.Item)] = i;
            }
            else if ((counts is null ? e.IsPositive : counts(e)) && shown.TryGetValue((e.User, e.Item), out var impression)
                && e.TimeMs - events[impression].TimeMs <= windowMs)
                labels[impression] = 1;
        }
        return labels;
    }
}
