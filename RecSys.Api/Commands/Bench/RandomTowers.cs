using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.Weights;
using RecSys.Core.Training;

namespace RecSys.Api.Commands.Bench;

/// <summary>Towers with the shape that training would give them and random weights.</summary>
internal static class RandomTowers
{
    public static TowerView Create(InteractionLog log, TwoTowerOptions options)
    {
        var random = new Random(1);
        WeightTensor Make(params int[] shape) =>
            new(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (random.NextSingle() - 0.5f) * 0.1f)]);
        var tower = new UserTower(new Dictionary<string, WeightTensor>
        {
            ["recency"] = Make(options.Heads, options.HistoryLength),
            ["mix"] = Make(options.Heads),
            ["profile.weight"] = Make(ProfileBuckets.TableRows, options.Dimension),
            ["hidden.weight"] = Make(options.Hidden, (options.Heads + 1) * options.Dimension),
            ["hidden.bias"] = Make(options.Hidden),
            ["output.weight"] = Make(options.Dimension, options.Hidden),
            ["output.bias"] = Make(options.Dimension),
        });
        var model = new TwoTowerModel
        {
            ItemEmbeddings = Make(log.Items.Count, options.Dimension).Values,
            UserTower = tower,
            BestEpoch = new TowerEpoch(1, 1, 0, 0, 0, 0, 0, TimeSpan.Zero),
            Epochs = [],
        };
        return new TowerView(model, log.Users);
    }
}
