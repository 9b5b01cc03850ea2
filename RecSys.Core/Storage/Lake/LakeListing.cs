namespace RecSys.Core.Storage.Lake;

/// <summary>All days of a lake, as their manifests tell; gaps are not looked for.</summary>
public static class LakeListing
{
    /// <summary>Those of the log first, each table by day.</summary>
    /// <exception cref="Domain.RecSysException">A manifest is damaged, or the lake cannot be read.</exception>
    public static async Task<IReadOnlyList<LakeManifest>> ReadAsync(ILakeStore store, CancellationToken ct = default)
    {
        var lake = new LakeDays(store);
        return [.. await lake.ListAsync(LakeTable.Log, ct), .. await lake.ListAsync(LakeTable.Served, ct)];
    }
}
