using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Storage.Lake.Bucket;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage.Lake.Bucket;

public sealed class BucketLakeStoreTests(S3Server server) : LakeStoreContract, IClassFixture<S3Server>
{
    private readonly TemporaryFolder folder = new();
    private readonly LakeBucketOptions options = server.Options($"lakes/{Guid.NewGuid():N}");
    private int machines;

    protected override Task<ILakeStore> OpenAsync() => Task.FromResult(Another());

    // Three hours on, what was left behind is old.
    protected override ILakeStore Another() => Open(TimeSpan.FromHours(3));

    protected override Task LeaveTornAsync(DateOnly day, string name) => PutAsync(day, name, "half"u8.ToArray());

    protected override async Task DamageAsync(DateOnly day, string name, byte[]? content)
    {
        if (content is not null)
        {
            await PutAsync(day, name, content);
            return;
        }
        using var objects = new S3Objects(options, TimeProvider.System);
        await objects.DeleteAsync(KeyOf(day, name), Ct);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_Log_LiesInTheBucketAndIsReadOnAnotherMachine()
    {
        await using var rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync(Enumerable.Range(0, 30).Select(at => $"i{at}"));
        await rig.Database.ImportAsync(Enumerable.Range(0, 100).Select(at => Sample.Event($"{at}", item: $"i{at % 30}")));
        await rig.Database.ServedRecords.AppendAsync([Served.Record("r")], Ct);
        rig.At(2, 12);
        await rig.ResolveAsync();
        var export = new LakeExport(Store, new LakeSource(rig.Database.EventLog, rig.Database.Contents, rig.Database.ServedRecords),
            rig.Database.Clock, rig.Options);

        var report = await export.RunAsync(new LakeExportRequest(), ct: Ct);

        Assert.Equal(4, report.Written.Count);
        Assert.Empty((await export.RunAsync(new LakeExportRequest(), ct: Ct)).Written);
        foreach (var file in report.Written[0].Files)
        {
            var stored = server.PathOf(KeyOf(LakeRig.FirstDay, file.Name));
            Assert.Equal(file.Sha256, (await Core.Storage.FileDigest.OfAsync(stored, Ct)).Sha256);
        }
        using var other = Another();
        Sample.AssertSame(await rig.Database.EntriesAsync(), await new LakeReader(other, []).ReadEntriesAsync(ct: Ct).ToListAsync(Ct));
        Assert.Equal("r", Assert.Single(await new LakeReader(other, []).ReadServedAsync(ct: Ct).ToListAsync(Ct)).RequestId);
        Assert.Empty((await new LakeVerification(other).RunAsync(LakeTable.Log, ct: Ct)).Faults);

        // What is wrong in the bucket is found although a sound copy is at hand, and the copy goes on being read.
        var damaged = report.Written[0].Files[3].Name;
        await PutAsync(LakeRig.FirstDay, damaged, [1, 2, 3]);
        Assert.Contains($"{damaged} has 3 bytes instead of",
            Assert.Single((await new LakeVerification(other).RunAsync(LakeTable.Log, ct: Ct)).Faults), StringComparison.Ordinal);
        Assert.Equal(130, await new LakeReader(other, []).ReadEntriesAsync(ct: Ct).CountAsync(Ct));
    }

    [Fact]
    public async Task FetchAsync_DamagedCopy_IsDownloadedAnew()
    {
        var manifest = await PublishAsync(new DateOnly(2026, 1, 31), "abc");
        var copy = await Store.FetchAsync(LakeTable.Log, manifest.Day, manifest.Files[0], ct: Ct);
        await File.WriteAllTextAsync(copy, "abd", Ct);

        var again = await Store.FetchAsync(LakeTable.Log, manifest.Day, manifest.Files[0], ct: Ct);
        Assert.Equal("abc", await File.ReadAllTextAsync(again, Ct));
    }

    [Fact]
    public async Task FetchAsync_MoreThanTheCacheMayHold_DropsWhatWasNotReadForLongest()
    {
        options.CacheBytes = 1 << 20;
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var small = new BucketLakeStore(options, folder["small"], clock);
        var big = new string('x', 600_000);
        var manifest = await PublishAsync(new DateOnly(2026, 1, 31), big + "1", big + "2", big + "3");

        var first = await small.FetchAsync(LakeTable.Log, manifest.Day, manifest.Files[0], ct: Ct);
        var second = await small.FetchAsync(LakeTable.Log, manifest.Day, manifest.Files[1], ct: Ct);
        // Whoever asked for it just now is about to open it.
        Assert.True(File.Exists(first));
        clock.Advance(TimeSpan.FromMinutes(3));
        var third = await small.FetchAsync(LakeTable.Log, manifest.Day, manifest.Files[2], ct: Ct);

        Assert.False(File.Exists(first));
        Assert.False(File.Exists(second));
        Assert.Equal(600_001, new FileInfo(third).Length);
        Assert.True(File.Exists(await small.FetchAsync(LakeTable.Log, manifest.Day, manifest.Files[0], ct: Ct)));
    }

    [Fact]
    public async Task CommitAsync_AnswerLostOnTheWay_IsItsOwnAndNoLostRace()
    {
        var day = new DateOnly(2026, 1, 31);
        using var publication = await Store.BeginAsync(LakeTable.Log, day, Ct);
        var manifest = await PublishAsync(day.AddDays(1), "abc") with { Day = day, Files = [] , RowsByKind = [] };

        Assert.True(await publication.CommitAsync(manifest, Ct));
        Assert.True(await publication.CommitAsync(manifest, Ct));
    }

    [Fact]
    public async Task CleanTornAsync_YoungObjects_MayBeThoseOfAPublisherAtWork()
    {
        await LeaveTornAsync(new DateOnly(2026, 1, 31), "events-0000-00000000.parquet");
        using var now = Open(TimeSpan.Zero);

        Assert.Equal(0, await now.CleanTornAsync(LakeTable.Log, Ct));
        Assert.Equal(1, await Store.CleanTornAsync(LakeTable.Log, Ct));
    }

    private BucketLakeStore Open(TimeSpan shift) =>
        new BucketLakeStore(options, folder[$"machine-{machines++}"], new ServedTime(TimeProvider.System, shift));

    private string KeyOf(DateOnly day, string name) => $"{options.Prefix}/log/day={day:yyyy-MM-dd}/{name}";

    private async Task PutAsync(DateOnly day, string name, byte[] content)
    {
        using var objects = new S3Objects(options, TimeProvider.System);
        using var stream = new MemoryStream(content);
        await objects.WriteAsync(KeyOf(day, name), stream, onlyNew: false, Ct);
    }
}
