using System.Globalization;
using Microsoft.Extensions.Options;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>
/// Gives the place of the champion back to the one before. Only where a model can be the cause, the trouble began behind a change of the
/// champion that is not long ago, and that champion had never served before: what a rollback brought back is not rolled back again. The
/// store compares revisions, so of several servers one does it.
/// </summary>
internal sealed class ModelRollback(ModelRegistry registry, ChampionWatcher watcher, IOptions<AlertOptions> options, TimeProvider time)
    : IAlertAction
{
    /// <summary>Stands as actor in the history of models.</summary>
    public const string Actor = "alerts";

    // Of the newest lines of a version's history, more than a version goes through.
    private const int History = 100;

    public string Name => "rollback";

    public async Task<string?> ActAsync(RedAlert red, CancellationToken cancellationToken)
    {
        var causes = red.Alerts.Where(alert => alert.Rule.ModelCanCause).ToList();
        if (!options.Value.Rollback || causes.Count == 0) return null;
        if (await registry.ReadChampionAsync(cancellationToken) is not { } champion) return null;
        var served = time.GetUtcNow() - champion.Since;
        if (served > TimeSpan.FromHours(options.Value.RollbackHours))
            return string.Create(CultureInfo.InvariantCulture,
                $"no: {champion.Version} has been champion for {served.TotalHours:0} h, so it is hardly the cause");
        if (causes.All(alert => alert.State.Began < champion.Since))
            return $"no: the trouble began before {champion.Version} became champion";
        var history = await registry.TransitionsAsync(champion.Version, History, cancellationToken);
        if (history.Count(change => change.To == ModelState.Champion && change.From != ModelState.Champion) > 1)
            return $"no: {champion.Version} is what was gone back to before; somebody has to look";

        var reason = $"red: {string.Join(", ", causes.Select(alert => AlertTexts.Summary(alert.Rule, alert.State)))}";
        var change = await registry.RollbackAsync(champion.Version, champion.Revision, Actor, reason, cancellationToken);
        if (change.Outcome != ModelChangeOutcome.Done) return $"no: {change.Fault}";
        // The store has it; this server follows at once, others within seconds.
        await watcher.CheckAsync(cancellationToken);
        return $"from {champion.Version} back to {change.Record!.Version}";
    }
}
