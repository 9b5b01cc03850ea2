using System.CommandLine;

namespace RecSys.Api.Commands.Simulating;

/// <summary><c>simulate</c>: a world whose truth is known, run day by day without a data folder and without training.</summary>
internal static class SimulateCommand
{
    public static Command Create() =>
        new("simulate", "Run a synthetic world in which what is right is known; docs/simulation.md describes it")
        {
            SimulateDays.Create(), SimulateTruth.Create(), SimulateCompare.Create(), SimulatePrices.Create(), SimulateAutoscale.Create(),
        };
}
