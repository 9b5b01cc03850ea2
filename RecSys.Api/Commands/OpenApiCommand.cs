using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using RecSys.Api.Hosting;
using RecSys.Api.OpenApi;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands;

/// <summary>
/// <c>openapi</c>: prints the OpenAPI document as a server serves it; <c>docs/openapi.json</c> is its output. It asks a server of its own
/// over an empty folder, which is removed again.
/// </summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        var command = new Command("openapi", "Print the OpenAPI document of the HTTP interface (docs/openapi.json)");
        command.SetAction(async (_, cancellationToken) => await Console.Out.WriteAsync(await ReadAsync(cancellationToken)));
        return command;
    }

    private static async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("recsys-openapi-").FullName;
        try
        {
            var alone = ServerSettings.Within(folder);
            var settings = alone with
            {
                // What it says of itself would stand in the document.
                Overrides = alone.Overrides.Append(KeyValuePair.Create<string, string?>("Logging:LogLevel:Default", "None")).ToDictionary(),
            };
            await using var state = await EmptyStateAsync(folder, cancellationToken);
            await using var app = ApiServer.Build(settings, state);
            var address = await ApiServer.StartAsync(app, settings, cancellationToken);
            using var client = new HttpClient();
            var document = await client.GetStringAsync(new Uri(new Uri(address), DocumentSetup.Path), cancellationToken);
            await app.StopAsync(cancellationToken);
            return DocumentText.Of(document);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ServingState> EmptyStateAsync(string folder, CancellationToken cancellationToken)
    {
        var database = await Databases.OpenAsync(folder, cancellationToken);
        var metrics = new EventMetrics(new PlainMeters());
        var (live, tail) = await LogCatchUp.RunAsync(database, metrics, NullLoggerFactory.Instance, null, cancellationToken);
        return new ServingState(live, new ModelPool<ServingModel>(), [], tail, metrics, database);
    }
}
