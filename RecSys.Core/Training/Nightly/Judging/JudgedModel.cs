using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>A bundle that is judged: the same code reads and asks all of them.</summary>
internal sealed class JudgedModel : IDisposable
{
    public const string Champion = "champion";
    public const string Challenger = "challenger";
    public const string Refitted = "refitted";
    public const string Previous = "previous";
    public const string Popular = "popular";
    public const string Random = "random";

    private readonly ServingModel model;

    private JudgedModel(string name, string version, ServingModel model, UserDirectory users)
    {
        (Name, Version, this.model) = (name, version, model);
        var bundle = model.Bundle;
        Parts = new RankingParts(new ServingTowerView(model, users), bundle.Forest, bundle.Calibrator, bundle.Manifest.RetrievalWeight);
    }

    /// <summary>Its part in the comparison.</summary>
    public string Name { get; }

    public string Version { get; }

    public RankingParts Parts { get; }

    public BundleManifest Manifest => model.Bundle.Manifest;

    /// <summary>Histograms of the features that it met, JSON.</summary>
    public ReadOnlyMemory<byte> Reference => model.Bundle.FeatureReference;

    /// <exception cref="RecSysException">It fails a check, or was made for other features.</exception>
    public static Task<JudgedModel> LoadAsync(string name, string folder, NightContext night, InteractionLog log, CancellationToken ct) =>
        LoadAsync(name, folder, night.Options, night.Catalogue, log, ct);

    /// <inheritdoc cref="LoadAsync(string, string, NightContext, InteractionLog, CancellationToken)"/>
    public static async Task<JudgedModel> LoadAsync(
        string name, string folder, TrainingOptions options, FeatureCatalogue catalogue, InteractionLog log, CancellationToken ct)
    {
        var bundle = await ModelBundle.LoadAsync(folder, catalogue, options.Retrieval, ct);
        return new JudgedModel(name, bundle.Manifest.Version, new ServingModel(bundle, log.Items), log.Users);
    }

    public void Dispose() => model.Dispose();
}
