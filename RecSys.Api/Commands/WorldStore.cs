using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands;

/// <summary>A data folder made from a synthetic world. Only a folder that was made so is ever deleted, to be made anew.</summary>
internal static class WorldStore
{
    private const string Marker = "made-by-demo";

    /// <summary>Stores items, users and the simulated history, in place of what an earlier world left in the folder.</summary>
    /// <exception cref="RecSysException">The folder holds something else.</exception>
    public static async Task CreateAsync(SyntheticWorld world, string folder, CancellationToken cancellationToken)
    {
        Clear(folder);
        await using var database = await Databases.OpenAsync(folder, cancellationToken);
        await MarkAsync(folder, cancellationToken);
        using var progress = new ProgressDisplay();
        await StoreAsync(world.Items.Select(LogChange (item) => new ItemPut(item)), "store items", world.Items.Count, "items");
        await StoreAsync(world.Users.Select(LogChange (user) => new UserPut(user)), "store users", world.Users.Count, "users");
        await StoreAsync(world.GenerateHistory().Select(LogChange (e) => new EventChange(e)), $"simulate {world.Options.Days} days", null,
            "events");

        async Task StoreAsync(IEnumerable<LogChange> changes, string phase, long? total, string unit)
        {
            long stored = 0;
            foreach (var chunk in changes.Chunk(ImportPace.MostEntries))
            {
                await database.Import.ImportAsync(chunk, cancellationToken);
                stored += chunk.Length;
                progress.Report(new WorkProgress(phase, stored, total, unit));
            }
            progress.Report(new WorkProgress(phase, stored, stored, unit));
        }
    }

    /// <summary>Says in a folder that it may be deleted.</summary>
    internal static Task MarkAsync(string folder, CancellationToken cancellationToken) => File.WriteAllTextAsync(
        Path.Combine(folder, Marker), "This folder is deleted when a demo or a bench makes it anew.\n", cancellationToken);

    /// <summary>Deletes what an earlier world left in the folder.</summary>
    /// <exception cref="RecSysException">The folder holds something else.</exception>
    internal static void Clear(string folder)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) return;
        if (!File.Exists(Path.Combine(folder, Marker)))
            throw new RecSysException($"{Path.GetFullPath(folder)} is not empty and was not made from a synthetic world; its content "
                + "would be deleted. Choose another folder with --data.");
        Directory.Delete(folder, recursive: true);
    }
}
