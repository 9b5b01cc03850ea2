using Amazon.S3.Model;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake.Bucket;

/// <summary>
/// The lake in a bucket, under the keys that <see cref="FolderLakeStore"/> has as paths. The manifest is stored last, so that a day without
/// one is not there; files are named by their content, so that two publishers of a day do not mix. Files are read in a local cache.
/// </summary>
internal sealed class BucketLakeStore : ILakeStore
{
    // A publisher that has stored nothing for so long is gone.
    private static readonly TimeSpan TornAfter = TimeSpan.FromHours(2);

    private readonly S3Objects objects;
    private readonly LakeCache cache;
    private readonly TimeProvider clock;
    private readonly string prefix;

    /// <param name="options">With address and name.</param>
    /// <param name="cacheFolder">Full path; made when missing.</param>
    /// <param name="clock">Tells old objects.</param>
    /// <param name="handler">Null for the network.</param>
    internal BucketLakeStore(LakeBucketOptions options, string cacheFolder, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        this.clock = clock;
        objects = new S3Objects(options, clock, handler);
        cache = new LakeCache(cacheFolder, options.CacheBytes, clock);
        prefix = options.Prefix is null ? "" : $"{options.Prefix}/";
    }

    public string Place => $"{objects.Place}/{prefix}".TrimEnd('/');

    public async Task<IReadOnlyList<DateOnly>> ListAsync(LakeTable table, CancellationToken ct = default) =>
        [.. (await ReadDaysAsync(table, ct)).Where(day => day.Value.Exists(IsManifest)).Select(day => day.Key).Order()];

    public Task<byte[]?> ReadManifestAsync(LakeTable table, DateOnly day, CancellationToken ct = default) =>
        objects.ReadAsync(KeyOf(table, day, LakeNames.Manifest), ct);

    public async Task<ILakePublication> BeginAsync(LakeTable table, DateOnly day, CancellationToken ct = default)
    {
        if ((await ReadDaysAsync(table, ct, day)).TryGetValue(day, out var left)) await RemoveTornAsync(left, ct);
        return new BucketLakePublication(objects, cache.Begin(LakeNames.Of(day)), KeyOf(table, day, ""));
    }

    public async Task<string> FetchAsync(LakeTable table, DateOnly day, LakeFile file, bool anew = false,
        CancellationToken ct = default)
    {
        var path = cache.PathOf(table, day, file);
        if (!anew && await LakeFileCheck.FindFaultAsync(path, file, ct) is null)
        {
            cache.Touch(path);
            return path;
        }
        var key = KeyOf(table, day, file.Name);
        return await cache.AddAsync(path, async part =>
        {
            await using (var target = File.Create(part))
            {
                if (!await objects.CopyAsync(key, target, ct))
                    throw new RecSysException($"{objects.Place}/{key} is missing. {LakeAdvice.ExportAgain}");
            }
            if (await LakeFileCheck.FindFaultAsync(part, file, ct) is { } fault)
                throw new RecSysException($"{objects.Place}/{key} {fault}. {LakeAdvice.ExportAgain}");
        });
    }

    public async Task<int> CleanTornAsync(LakeTable table, CancellationToken ct = default)
    {
        cache.Clean();
        var torn = 0;
        foreach (var (_, left) in await ReadDaysAsync(table, ct))
        {
            if (await RemoveTornAsync(left, ct)) torn++;
        }
        return torn;
    }

    public void Dispose() => objects.Dispose();

    private string KeyOf(LakeTable table, DateOnly day, string name) => $"{prefix}{LakeNames.Of(table)}/{LakeNames.Of(day)}/{name}";

    // Of one day, or of all.
    private async Task<Dictionary<DateOnly, List<S3Object>>> ReadDaysAsync(LakeTable table, CancellationToken ct, DateOnly? only = null)
    {
        var root = $"{prefix}{LakeNames.Of(table)}/";
        var days = new Dictionary<DateOnly, List<S3Object>>();
        foreach (var each in await objects.ListAsync(only is { } one ? KeyOf(table, one, "") : root, ct))
        {
            if (each.Key[root.Length..].Split('/') is not [var folder, _] || !LakeNames.TryParseDay(folder, out var day)) continue;
            if (!days.TryGetValue(day, out var of)) days.Add(day, of = []);
            of.Add(each);
        }
        return days;
    }

    // Young objects without a manifest may be those of a publisher at work.
    private async Task<bool> RemoveTornAsync(List<S3Object> day, CancellationToken ct)
    {
        var old = clock.GetUtcNow().UtcDateTime - TornAfter;
        if (day.Exists(each => IsManifest(each) || each.LastModified?.ToUniversalTime() > old)) return false;
        foreach (var each in day) await objects.DeleteAsync(each.Key, ct);
        return true;
    }

    private static bool IsManifest(S3Object each) => each.Key.EndsWith($"/{LakeNames.Manifest}", StringComparison.Ordinal);
}
