using System.CommandLine;
using RecSys.Api.Hosting.Telemetry;

namespace RecSys.Api.Commands;

/// <summary><c>metrics</c>: prints all metrics as Markdown; <c>docs/metrics.md</c> is its output.</summary>
internal static class MetricsCommand
{
    public static Command Create()
    {
        var command = new Command("metrics", "Print all metrics as Markdown (docs/metrics.md)");
        command.SetAction(_ => Console.Write(MetricsPage.ToMarkdown()));
        return command;
    }
}
