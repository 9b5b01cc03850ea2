using System.CommandLine;
using RecSys.Core.Features;

namespace RecSys.Api.Commands;

/// <summary><c>features</c>: prints the feature catalogue as Markdown; <c>docs/features.md</c> is its output.</summary>
internal static class FeaturesCommand
{
    public static Command Create()
    {
        var command = new Command("features", "Print the feature catalogue as Markdown (docs/features.md)");
        command.SetAction(_ => Console.Write(FeatureCatalogue.Default.ToMarkdown()));
        return command;
    }
}
