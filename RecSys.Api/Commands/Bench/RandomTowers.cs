using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Towers;

namespace RecSys.Api.Commands.Bench;

/// <summary>Towers with the shape that training would give them and random weights.</summary>
internal static class RandomTowers
{
    public static TowerView Create(InteractionLog log, TwoTowerOptions options)
    {
        var random = new Random(1);
        var model = new TwoTowerModel
        {
            ItemEmbeddings = [.. Enumerable.Range(0, log.Items.Count * options.Dimension).Select(_ => (random.NextSingle() - 0.5f) * 0.1f)],
            UserTower = RandomUserTower.Create(1, options.Dimension, options.Heads, options.Blocks, options.HistoryLength, options.Hidden,
                0.05f),
            BestEpoch = new TowerEpoch(1, 1, 0, 0, 0, 0, 0, TimeSpan.Zero),
            Epochs = [],
        };
        return new TowerView(model, log);
    }
}
