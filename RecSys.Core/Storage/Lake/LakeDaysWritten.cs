namespace RecSys.Core.Storage.Lake;

/// <summary>Gathers the days that an export published, and those that another one published in the same moment.</summary>
internal sealed class LakeDaysWritten
{
    private readonly List<LakeManifest> ours = [];
    private readonly List<LakeManifest> others = [];

    internal IReadOnlyList<LakeManifest> Ours => ours;

    internal IReadOnlyList<LakeManifest> Others => others;

    internal void Add(LakeManifest day, bool isOurs) => (isOurs ? ours : others).Add(day);
}
