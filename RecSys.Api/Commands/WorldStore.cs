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
        await File.WriteAllTextAsync(Path.Combine(folder, Marker), "This folder is deleted when a demo or a bench makes it anew.\n", cancellationToken);
        using var progress = new ProgressDisplay();
        await using var load = await database.Bulk.BeginAsync(cancellationToken);
        long stored = 0;
        foreach (var part in world.Items.Chunk(50_000))
        {
            await load.AddItemsAsync(part, cancellationToken);
            stored += part.Length;
            progress.Report(new WorkProgress("store items", stored, world.Items.Count, "items"));
        }
        await load.AddUsersAsync([.. world.Users], cancellationToken);
        stored = 0;
        foreach (var batch in world.GenerateHistory().Chunk(20_000))
        {
            await load.AddEventsAsync(batch, cancellationToken);
            stored += batch.Length;
            progress.Report(new WorkProgress($"simulate {world.Options.Days} days", stored, null, "events"));
        }
        await load.CommitAsync(cancellationToken);
        progress.Report(new WorkProgress($"simulate {world.Options.Days} days", stored, stored, "events"));
    }

    private static void Clear(string folder)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) return;
        if (!File.Exists(Path.Combine(folder, Marker)))
            throw new RecSysException($"{Path.GetFullPath(folder)} is not empty and was not made from a synthetic world; its content would be deleted. Choose another folder with --data.");
        Directory.Delete(folder, recursive: true);
    }
}
