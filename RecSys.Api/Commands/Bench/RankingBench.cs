using System.CommandLine;

namespace RecSys.Api.Commands.Bench;

/// <summary><c>bench ranking</c>: the forest scorer beside LightGBM's own prediction.</summary>
internal static class RankingBench
{
    internal static Command Create() => new("ranking", "Forest scorer against LightGBM's own prediction and ML.NET");
}
