using RecSys.Core.Events;
using RecSys.Core.Models;

namespace RecSys.Core.Monitoring.Alerts.Sources;

/// <summary>
/// How far the champion is behind the log: from the newest event that it was trained on to the moment that the log is at. An imported log
/// that ended years ago stands still, and so does the age.
/// </summary>
internal sealed class ChampionAge(ModelPool<ServingModel> pool, LiveState live, TimeProvider served)
{
    /// <summary>Seconds; null while nothing serves.</summary>
    public AlertReading? Read()
    {
        if (pool.Champion is not { } champion || !pool.TryAcquire(champion, out var lease)) return null;
        using (lease)
        {
            var now = DateTimeOffset.FromUnixTimeMilliseconds(live.FeatureTimeMs(served.GetUtcNow()));
            return new AlertReading(Math.Max(0, (now - lease.Model.Bundle.Manifest.TrainingWindow.To).TotalSeconds), champion);
        }
    }
}
