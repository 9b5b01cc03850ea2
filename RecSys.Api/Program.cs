using System.CommandLine;
using RecSys.Api.Commands;
using RecSys.Core.Domain;

var root = new RootCommand("RecSys: two-stage recommendations over HTTP")
{
    ServeCommand.Create(),
    DemoCommand.Create(),
    ImportCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    ModelsCommand.Create(),
    FeaturesCommand.Create(),
    SkewCommand.Create(),
    TokenCommand.Create(),
    BenchCommand.Create(),
    ValidateIndexCommand.Create(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (RecSysException failure)
{
    await Console.Error.WriteLineAsync($"error: {failure.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("stopped");
    return 130;
}
