using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Storage;

namespace RecSys.Tests.Fixtures;

/// <summary>Puts a synthetic world into a store.</summary>
internal static class WorldImport
{
    internal static async Task StoreAsync(this IDatabase database, SyntheticWorld world, CancellationToken cancellationToken)
    {
        IEnumerable<LogChange> changes =
        [
            .. world.Items.Select(item => new ItemPut(item)),
            .. world.Users.Select(user => new UserPut(user)),
            .. world.GenerateHistory().Select(e => new EventChange(e)),
        ];
        foreach (var chunk in changes.Chunk(ImportPace.MostEntries)) await database.Import.ImportAsync(chunk, cancellationToken);
    }
}
