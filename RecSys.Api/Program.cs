using System.CommandLine;
using RecSys.Api.Commands;
using RecSys.Api.Commands.Importing;
using RecSys.Api.Commands.Lake;
using RecSys.Api.Commands.Models;
using RecSys.Api.Commands.Simulating;
using RecSys.Api.Hosting;

var root = new RootCommand("RecSys: two-stage recommendations over HTTP")
{
    CommonOptions.Set,
    ServeCommand.Create(),
    DemoCommand.Create(),
    ImportCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    LakeCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    SimulateCommand.Create(),
    ModelsCommand.Create(),
    FeaturesCommand.Create(),
    MetricsCommand.Create(),
    OpenApiCommand.Create(),
    SkewCommand.Create(),
    TokenCommand.Create(),
    BenchCommand.Create(),
    ValidateIndexCommand.Create(),
    EncodeTextsCommand.Create(),
};

try
{
    var command = root.Parse(args);
    foreach (var remark in Settings.Assign(command.GetValue(CommonOptions.Set) ?? []))
        await Console.Error.WriteLineAsync($"note: {remark}");
    return await command.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = GracefulStop.Longest() });
}
catch (Exception failure)
{
    return await Failures.ReportAsync(failure, Console.Error);
}
