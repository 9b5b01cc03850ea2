using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Training.Towers;

/// <summary>Towers that are not trained, for data of a size that only speed and memory are measured on.</summary>
/// <param name="Name">What the manifest calls them.</param>
/// <param name="Make">Gets the part of the log that towers would be fitted on.</param>
internal sealed record GivenTowers(string Name, Func<InteractionLog, TwoTowerModel> Make);
