namespace RecSys.Core.Storage.Lake;

/// <summary>The one place that chooses where the lake of a data folder lies.</summary>
public static class LakeStores
{
    public static ILakeStore Open(LakeOptions options, string dataFolder) =>
        new FolderLakeStore(Path.GetFullPath(Path.Combine(dataFolder, options.Folder)));
}
