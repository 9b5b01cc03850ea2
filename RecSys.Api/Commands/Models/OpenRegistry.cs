using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Models;

/// <summary>The registry of a data folder, beside a server or without one.</summary>
internal sealed class OpenRegistry : IAsyncDisposable
{
    private readonly IDatabase database;

    private OpenRegistry(IDatabase database, ModelRegistry registry) => (this.database, Registry) = (database, registry);

    public ModelRegistry Registry { get; }

    /// <summary>Who changes states from the command line.</summary>
    public static string Actor => $"{Environment.UserName} (command line)";

    /// <exception cref="RecSysException">There is no such folder, its database cannot be used, or the settings are not usable.</exception>
    public static async Task<OpenRegistry> OpenAsync(string dataFolder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(dataFolder))
            throw new RecSysException(
                $"There is no data folder {Path.GetFullPath(dataFolder)}; name the one that was trained in with --data.");
        var settings = new ServerSettings(dataFolder);
        var trust = Settings.Trust(settings);
        var database = await Databases.OpenAsync(dataFolder, cancellationToken);
        return new OpenRegistry(database, new ModelRegistry(settings.ModelsFolder, database.Models, trust));
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
