using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Core.Models;

/// <summary>Instruments of the models in memory.</summary>
public sealed class ModelMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Models";

    // A version that is gone is told as 0 for a while: a series that only stops looks like one that was not scraped.
    private const int MostRemembered = 32;

    private readonly Counter<long> swaps;
    private readonly Counter<long> refusals;
    private readonly Queue<string> remembered = [];
    private readonly Lock gate = new();
    private ModelPool<ServingModel>? pool;
    private TimeProvider? served;
    private ItemsAwaitingText? texts;

    public ModelMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        swaps = meter.CreateCounter<long>("recsys_model_swaps", description: "New champions that took over without a restart")
            .Noted("one a day where training runs daily; as many more as somebody promoted or rolled back");
        refusals = meter.CreateCounter<long>("recsys_model_refusals",
                description: "New champions that were refused, by cause, each once until its files change")
            .Noted("0; the log says what is wrong, and the champion before goes on serving", "cause");
        meter.CreateObservableGauge("recsys_model_champion", Champions,
                description: "1 for the version that serves, 0 for others that are or were in memory")
            .Noted("the same version on every server some seconds after a promotion", "version");
        meter.CreateKnownGauge("recsys_models_in_memory", () => pool?.List().Count(model => model.State != PooledState.Refused),
                "Model versions in memory")
            .Noted("champion, the one before, and challengers");
        meter.CreateKnownGauge("recsys_models_memory", () => pool?.TakenBytes, "What the models in memory are reckoned to take", "By")
            .Noted("beside ModelPool:MaxBytes: a new version that has no room is refused");
        meter.CreateKnownGauge("recsys_champion_data_age", DataAge, "From the newest event that the champion was trained on until now", "s")
            .Noted("grows to a day and falls with each training; above two days training or its gate fails");
        meter.CreateKnownGauge("recsys_items_awaiting_text", () => texts?.Count,
                "Items whose text waits to be encoded; they stand on their other content meanwhile")
            .Noted("falls to 0 between bulk loads; see Text:SecondsPerText");
    }

    /// <summary>From now on there is something to measure.</summary>
    /// <param name="models">The models.</param>
    /// <param name="time">The clock that events go by.</param>
    /// <param name="awaiting">Items that wait for the encoder; null where there is none.</param>
    internal void Observe(ModelPool<ServingModel> models, TimeProvider time, ItemsAwaitingText? awaiting) =>
        (pool, served, texts) = (models, time, awaiting);

    internal void Swapped() => swaps.Add(1);

    internal void Refused(RefusalCause cause) =>
        refusals.Add(1, new KeyValuePair<string, object?>("cause", cause.ToString().ToLowerInvariant()));

    private List<Measurement<int>> Champions()
    {
        if (pool is null) return [];
        var (champion, live) = (pool.Champion, pool.List().Where(model => model.State != PooledState.Refused));
        lock (gate)
        {
            foreach (var version in live.Select(model => model.Version).Except(remembered).ToList())
            {
                if (remembered.Count == MostRemembered) remembered.Dequeue();
                remembered.Enqueue(version);
            }
            return
            [
                .. remembered.Select(version => new Measurement<int>(version == champion ? 1 : 0,
                    new KeyValuePair<string, object?>("version", version))),
            ];
        }
    }

    private double? DataAge()
    {
        if (pool?.Champion is not { } champion || !pool.TryAcquire(champion, out var lease)) return null;
        using (lease) return (served!.GetUtcNow() - lease.Model.Bundle.Manifest.TrainingWindow.To).TotalSeconds;
    }
}
