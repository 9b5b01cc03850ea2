using System.CommandLine;
using RecSys.Api.Dashboard;
using RecSys.Api.Dashboard.Sessions;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Connections;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands;

/// <summary><c>serve</c>: loads the champion and answers requests until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var asOf = new Option<AsOf?>("--as-of")
        {
            Description = "Take this moment for now, and go on from there: last-event, or a date or time from the last event on",
            HelpName = $"time|{AsOf.LastEvent}",
            CustomParser = result =>
            {
                if (AsOf.Parse(result.Tokens[0].Value) is { } moment) return moment;
                result.AddError($"--as-of must be {AsOf.LastEvent}, a date such as 2022-05-05 or a time such as 2022-05-05T12:00:00Z.");
                return null;
            },
        };
        var command = new Command("serve", "Answer requests with the champion model")
        {
            CommonOptions.Data, CommonOptions.Address, CommonOptions.Port, asOf,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var settings = new ServerSettings(
                arguments.GetValue(CommonOptions.Data)!, arguments.GetValue(CommonOptions.Address)!,
                arguments.GetValue(CommonOptions.Port)) { AsOf = arguments.GetValue(asOf) };
            await RunAsync(settings, started: null, cancellationToken);
        });
        return command;
    }

    /// <summary>Serves until SIGTERM, Ctrl-C or cancellation.</summary>
    /// <param name="settings">Data and address.</param>
    /// <param name="started">Called once the port is open, with the server and its address.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    public static async Task RunAsync(ServerSettings settings, Action<WebApplication, string>? started, CancellationToken cancellationToken)
    {
        // Its nights are only begun hours from now, but what is wrong with them is said before minutes of loading.
        _ = Settings.Training();
        KestrelSetup.RequireFreeAddress(settings);
        MetricsPort.Require(settings);
        // Without data there is nothing to hold, and a message to come.
        using var held = Databases.Exist(settings.DataFolder) ? DataFolderLock.Take(settings.DataFolder) : null;
        ServingState loaded;
        using (var progress = new ProgressDisplay()) loaded = await ServingState.LoadAsync(settings, progress, cancellationToken);
        await using var state = loaded;
        await using var app = ApiServer.Build(settings, state);
        var address = await ApiServer.StartAsync(app, settings, cancellationToken);
        held?.Announce(address);
        using (var lease = state.Models.AcquireChampion())
        {
            var bundle = lease.Model.Bundle;
            Console.WriteLine($"Serving model {bundle.Manifest.Version} with {bundle.ItemIds.Count} items on {address}");
            if (ServedAge.Of(state.Live, state.Time.GetUtcNow(), TimeProvider.System.GetUtcNow()) is { } age)
                await Console.Error.WriteLineAsync($"note: {age.Note}");
            if (bundle.IndexRemark is { } remark) await Console.Error.WriteLineAsync($"warning: {remark}");
        }
        if (started is not null) started(app, address);
        else if (app.Services.GetService<SignInCodes>() is { } codes) Console.WriteLine($"Dashboard: {codes.Link(address)}");
        else if (app.Services.GetRequiredService<DashboardOptions>().Enabled) Console.WriteLine($"Dashboard: {address}/dashboard");
        await GracefulStop.WaitAsync(app, cancellationToken);
    }
}
