using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>What is known of the towers beside their weights, <c>towers/towers.json</c>.</summary>
/// <param name="BestEpoch">The epoch whose weights these are.</param>
/// <param name="Used">See <see cref="TwoTowerModel.Used"/>.</param>
/// <param name="Settings">See <see cref="TwoTowerModel.Settings"/>.</param>
/// <param name="Temperature">See <see cref="TwoTowerModel.Temperature"/>.</param>
/// <param name="TextModel">Hash of the text encoder; null without one.</param>
/// <param name="NeighbourShare">Share of the candidates that item-kNN may take; 0 where there are no neighbours.</param>
internal sealed record TowersFile(
    TowerEpoch BestEpoch, TwoTowerOptions Used, string Settings, double Temperature, string? TextModel, double NeighbourShare);
