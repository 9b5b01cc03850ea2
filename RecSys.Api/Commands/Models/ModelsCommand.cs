using System.CommandLine;

namespace RecSys.Api.Commands.Models;

/// <summary><c>models</c>: which versions there are, which one serves, and how to change that.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "List and compare the model versions, or choose the one that serves")
    {
        ModelsReading.List(),
        ModelsReading.Show(),
        ModelsReading.Diff(),
        ModelsReading.Importance(),
        ModelsChanging.Promote(),
        ModelsChanging.Rollback(),
        ModelsChanging.Quarantine(),
        ModelsChanging.Release(),
        ModelsKeeping.Verify(),
        ModelsKeeping.Sign(),
        ModelsKeeping.Collect(),
    };
}
