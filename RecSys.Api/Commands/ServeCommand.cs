using System.CommandLine;
using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Connections;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands;

/// <summary><c>serve</c>: loads the champion and answers requests until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Answer requests with the champion model")
        {
            CommonOptions.Data, CommonOptions.Address, CommonOptions.Port,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var settings = new ServerSettings(
                arguments.GetValue(CommonOptions.Data)!, arguments.GetValue(CommonOptions.Address)!,
                arguments.GetValue(CommonOptions.Port));
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
        KestrelSetup.RequireFreeAddress(settings);
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
            if (AgeNote(state.Live.FeatureTimeMs, TimeProvider.System.GetUtcNow()) is { } note)
                await Console.Error.WriteLineAsync($"note: {note}");
            if (bundle.IndexRemark is { } remark) await Console.Error.WriteLineAsync($"warning: {remark}");
        }
        started?.Invoke(app, address);
        await GracefulStop.WaitAsync(app, cancellationToken);
    }

    /// <summary>What to know of a log that ended long ago, or null for one that somebody feeds.</summary>
    internal static string? AgeNote(Func<DateTimeOffset, long> featureTimeMs, DateTimeOffset now)
    {
        var servedAs = DateTimeOffset.FromUnixTimeMilliseconds(featureTimeMs(now));
        if (now - servedAs < TimeSpan.FromDays(1)) return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"the log ended on {servedAs.AddDays(-1):yyyy-MM-dd}; lists are those of the day after ({servedAs:yyyy-MM-dd HH:mm}Z) until the "
                + $"first live event comes. What was popular or new then counts as such now.");
    }
}
