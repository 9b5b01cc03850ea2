using RecSys.Core.Models;
using RecSys.Core.Models.Signing;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Storage.Sqlite;

namespace RecSys.Tests.Models;

/// <summary>Registries over real stores.</summary>
internal static class Registries
{
    /// <summary>Of a models folder, with the database in a folder of its own beside it.</summary>
    public static ModelRegistry Open(string modelsRoot, TimeProvider? clock = null, BundleTrust? trust = null) =>
        new(modelsRoot, States(modelsRoot, clock), trust);

    /// <summary>The store that <see cref="Open"/> uses for this models folder, through connections of its own.</summary>
    public static IModelStates States(string modelsRoot, TimeProvider? clock = null) =>
        SqliteDatabase.Open(Path.Combine(modelsRoot, ".store"), clock).Models;

    /// <summary>Makes a version champion, as a person does.</summary>
    public static async Task SetChampionAsync(this ModelRegistry registry, string version, CancellationToken cancellationToken) =>
        (await registry.PromoteAsync(version, null, null, "test", "chosen", cancellationToken)).OrThrow();
}
