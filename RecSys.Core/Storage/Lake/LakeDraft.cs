using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>A manifest before anything is written.</summary>
internal static class LakeDraft
{
    internal static LakeManifest Of(LakeTable table, DateOnly day, long epoch, TimeProvider clock) => new()
    {
        Table = table,
        Day = day,
        Epoch = epoch,
        Entries = 0,
        RowsByKind = [],
        Columns = new(LakeSchema.Of(table).ToDictionary(schema => schema.Name, schema => schema.Columns), StringComparer.Ordinal),
        Files = [],
        CreatedAt = clock.GetUtcNow(),
        Code = CodeVersion.Commit,
    };
}
