using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake.Bucket;

namespace RecSys.Core.Storage.Lake;

/// <summary>The one place that chooses where the lake of a data folder lies.</summary>
public static class LakeStores
{
    /// <exception cref="RecSysException">A bucket is named without keys of access.</exception>
    public static ILakeStore Open(LakeOptions options, string dataFolder) => options.Bucket.Address is null
        ? new FolderLakeStore(Path.GetFullPath(Path.Combine(dataFolder, options.Folder)))
        : new BucketLakeStore(options.Bucket, Path.GetFullPath(Path.Combine(dataFolder, options.Bucket.CacheFolder)), TimeProvider.System);
}
