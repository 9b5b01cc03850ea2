using System.Security.Claims;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Audit;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Api.Endpoints;

/// <summary>Changes of the champion as a server makes them: what it cannot load it does not promote, and what is promoted it takes in at
/// once.</summary>
internal sealed class ModelChanges(
    ModelRegistry registry, ModelPool<ServingModel> pool, ModelLoader loader, ChampionWatcher watcher, Pseudonyms names)
{
    /// <summary>Who asks, by pseudonym.</summary>
    public string ActorOf(HttpContext http) => names.Of(http.User.FindFirstValue("sub") ?? "");

    /// <summary>Loads and checks a version, then makes it champion.</summary>
    public async Task<RegistryChange> PromoteAsync(
        string version, ModelChangeRequest request, string actor, CancellationToken cancellationToken)
    {
        var found = await registry.DescribeAsync(version, cancellationToken);
        if (found is { Record: null, Condition: not BundleCondition.Valid })
            return new RegistryChange(ModelChangeOutcome.Unknown, null, found.Fault);
        var mayBecome = found.Record is not { State: var state } || state == ModelState.Champion
            || ModelStateRules.Allows(state, ModelState.Champion);
        var wasLive = pool.IsLive(version);
        if (mayBecome && (await loader.LoadAsync(version, cancellationToken)).Refusal is { } refusal)
            return RegistryChange.Unsound(found.Record, refusal.Reason);
        var change = await registry.PromoteAsync(
            version, request.Revision, null, actor, request.Reason ?? "promoted over HTTP", cancellationToken);
        if (change.Outcome != ModelChangeOutcome.Done && !wasLive && pool.Champion != version) GiveUp(version);
        return change;
    }

    /// <summary>Lets this process follow the store now, and says what serves.</summary>
    public async Task<ModelChangeResponse> TakeInAsync(ModelRecord record, CancellationToken cancellationToken)
    {
        await watcher.CheckAsync(cancellationToken);
        var champion = (await registry.ReadChampionAsync(cancellationToken))?.Version;
        var serving = pool.Champion;
        var note = champion == serving
            ? null : champion is not null && pool.RefusalOf(champion) is { } refusal
                ? refusal.Reason : "This process has not taken the champion in yet; it looks again within seconds.";
        return new ModelChangeResponse(record.Version, record.State.Name(), record.Revision, champion, serving, note);
    }

    private void GiveUp(string version)
    {
        try
        {
            pool.Retire(version);
        }
        catch (InvalidOperationException)
        {
            // Somebody promoted it or sent traffic to it meanwhile: it is wanted after all.
        }
    }
}
