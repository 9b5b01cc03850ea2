using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Commands.Models;

/// <summary>The registry of a data folder, beside a server or without one.</summary>
internal sealed class OpenRegistry : IAsyncDisposable
{
    private readonly IDatabase database;

    // More than are kept by default.
    private const int MostNights = 30;

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

    /// <summary>What the latest nights found of the versions that they judged on the same rows, the newest first.</summary>
    /// <exception cref="RecSysException">A file of a night cannot be read.</exception>
    public Task<IReadOnlyList<JudgedNight>> JudgedAsync(CancellationToken cancellationToken) =>
        new NightArchive(database.DataFolder).JudgedAsync(MostNights, cancellationToken);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
