using System.Globalization;
using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training;

/// <summary>Makes the contents of a bundle of two fitted stages.</summary>
/// <param name="catalogue">The features that the ranker was fitted on.</param>
/// <param name="options">What it was all fitted with.</param>
/// <param name="given">Where the towers came from when they were not trained.</param>
internal sealed class BundleAssembly(FeatureCatalogue catalogue, TrainingOptions options, GivenTowers? given = null)
{
    // The item tower of a bundle is checked with so many of its items.
    private const int GoldenItems = 8;

    /// <param name="log">Gives ids and items.</param>
    /// <param name="model">Both stages.</param>
    /// <param name="index">Over the embeddings; stays the caller's.</param>
    /// <param name="importance">What the ranker leans on.</param>
    /// <param name="reference">Lists of <see cref="Rows.ReferenceRows"/>.</param>
    /// <returns>Everything but window, position and time.</returns>
    public BundleContents Of(
        InteractionLog log, TwoStageModel model, BuiltIndex index, RankerImportance importance, ReferenceSample reference) => new()
    {
        Index = index,
        ItemIds = [.. Enumerable.Range(0, log.Items.Count).Select(log.Items.IdOf)],
        Embeddings = model.Towers.ItemEmbeddings,
        UserTower = model.Towers.UserTower,
        ItemTower = model.Towers.ItemTower,
        Ids = model.Towers.Ids,
        GoldenItems = [.. Enumerable.Range(0, GoldenItems).Select(at => (int)((long)at * log.Items.Count / GoldenItems)).Distinct()
            .Select(row => (row, log.Items[row]))],
        Transitions = model.View.Transitions,
        Neighbours = model.View.Neighbours,
        RankerText = model.Ranker.Training.ModelText,
        Importance = importance,
        Calibrator = model.Ranker.Calibrator,
        RetrievalWeight = model.Ranker.RetrievalWeight,
        Catalogue = catalogue,
        FeatureReferenceJson = Encoding.UTF8.GetString(FeatureReference.Of(reference, catalogue, log.Items).ToJson()),
        TrainingWindow = new TrainingWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0),
        CreatedAt = DateTimeOffset.UnixEpoch,
        GitCommit = CodeVersion.Commit,
        Metrics = Metrics(model),
        Options = Options(model),
    };

    private Dictionary<string, string> Options(TwoStageModel model)
    {
        var used = new Dictionary<string, string>
        {
            ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
            ["tower_share"] = options.TowerShare.ToString(CultureInfo.InvariantCulture),
            ["ranker.objective"] = model.Ranker.Options.Objective,
            ["ranker.num_leaves"] = model.Ranker.Options.NumLeaves.ToString(CultureInfo.InvariantCulture),
            ["ranker.learning_rate"] = model.Ranker.Options.LearningRate.ToString(CultureInfo.InvariantCulture),
            ["ranker.min_data_in_leaf"] = model.Ranker.Options.MinDataInLeaf.ToString(CultureInfo.InvariantCulture),
            ["ranker.feature_fraction"] = model.Ranker.Options.FeatureFraction.ToString(CultureInfo.InvariantCulture),
            ["ranker.bagging_fraction"] = model.Ranker.Options.BaggingFraction.ToString(CultureInfo.InvariantCulture),
            ["ranker.lambda_l1"] = model.Ranker.Options.LambdaL1.ToString(CultureInfo.InvariantCulture),
            ["ranker.lambda_l2"] = model.Ranker.Options.LambdaL2.ToString(CultureInfo.InvariantCulture),
            ["ranker.best_iteration"] = model.Ranker.Training.BestIteration.ToString(CultureInfo.InvariantCulture),
        };
        if (model.Towers.Settings.Length > 0)
        {
            used[BundleManifest.TowersOption] = model.Towers.Settings;
            used[BundleManifest.TemperatureOption] = model.Towers.Temperature.ToString(CultureInfo.InvariantCulture);
        }
        if (model.Position is { } position) used[BundleManifest.PositionOption] = position.ToText();
        if (given is not null) used["towers"] = given.Name;
        else if (options.Text.IsConfigured) used[BundleManifest.TextModelOption] = TextModelHash.Of(options.Text);
        return used;
    }

    private IReadOnlyDictionary<string, double> Metrics(TwoStageModel model)
    {
        // Nothing validated towers that were not trained.
        if (given is not null) return model.Ranker.Metrics;
        var epoch = model.Towers.BestEpoch;
        return new Dictionary<string, double>(model.Ranker.Metrics)
        {
            ["towers.valid_auc"] = epoch.ValidAuc,
            ["towers.valid_recall@500"] = epoch.ValidRecall500,
            ["towers.valid_ndcg@10"] = epoch.ValidNdcg10,
        };
    }
}
