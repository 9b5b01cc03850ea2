using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage.Lake;

/// <summary>What every place of a lake keeps to.</summary>
public abstract class LakeStoreContract : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 1, 31);

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected ILakeStore Store { get; private set; } = null!;

    /// <summary>A store over an empty place.</summary>
    protected abstract Task<ILakeStore> OpenAsync();

    /// <summary>Another store over the same place, as another machine has it.</summary>
    protected abstract ILakeStore Another();

    /// <summary>Puts a file of a day there without a manifest, long ago, as a publisher does that died.</summary>
    protected abstract Task LeaveTornAsync(DateOnly day, string name);

    /// <summary>Changes a published file.</summary>
    protected abstract Task DamageAsync(DateOnly day, string name, byte[]? content);

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ListAsync_EmptyPlace_HasNoDays()
    {
        Assert.Empty(await Store.ListAsync(LakeTable.Log, Ct));
        Assert.Null(await Store.ReadManifestAsync(LakeTable.Log, Day, Ct));
        Assert.Equal(0, await Store.CleanTornAsync(LakeTable.Log, Ct));
    }

    [Fact]
    public async Task CommitAsync_Days_AreListedInOrderAndReadByAnotherMachine()
    {
        await PublishAsync(Day, "abc");
        await PublishAsync(Day.AddDays(-40), "d");
        await PublishAsync(Day.AddDays(1));
        using var other = Another();

        Assert.Equal([Day.AddDays(-40), Day, Day.AddDays(1)], await other.ListAsync(LakeTable.Log, Ct));
        Assert.Empty(await other.ListAsync(LakeTable.Served, Ct));
        var manifest = Parse(await other.ReadManifestAsync(LakeTable.Log, Day, Ct));
        Assert.Equal("abc", await File.ReadAllTextAsync(await other.FetchAsync(LakeTable.Log, Day, manifest.Files[0], ct: Ct), Ct));
        Assert.Empty(Parse(await other.ReadManifestAsync(LakeTable.Log, Day.AddDays(1), Ct), Day.AddDays(1)).Files);
    }

    [Fact]
    public async Task FetchAsync_Twice_GivesTheSameContent()
    {
        var manifest = await PublishAsync(Day, "abc", new string('x', 100_000));

        for (var round = 0; round < 2; round++)
        {
            var path = await Store.FetchAsync(LakeTable.Log, Day, manifest.Files[1], ct: Ct);
            Assert.Equal(100_000, new FileInfo(path).Length);
        }
    }

    [Fact]
    public async Task BeginAsync_WithoutCommit_LeavesNothing()
    {
        using (var publication = await Store.BeginAsync(LakeTable.Log, Day, Ct))
            await File.WriteAllTextAsync(Path.Combine(publication.Folder, "events.tmp"), "x", Ct);

        Assert.Empty(await Store.ListAsync(LakeTable.Log, Ct));
        Assert.Equal(0, await Store.CleanTornAsync(LakeTable.Log, Ct));
    }

    [Fact]
    public async Task CommitAsync_DayThatAnotherPublishedMeanwhile_KeepsTheFirst()
    {
        using var other = Another();
        using var slow = await other.BeginAsync(LakeTable.Log, Day, Ct);
        var late = await WriteAsync(slow.Folder, Day, "late");
        await PublishAsync(Day, "first");

        Assert.False(await slow.CommitAsync(late, Ct));

        var manifest = Parse(await Store.ReadManifestAsync(LakeTable.Log, Day, Ct));
        Assert.Equal("first", await File.ReadAllTextAsync(await Store.FetchAsync(LakeTable.Log, Day, manifest.Files[0], ct: Ct), Ct));
    }

    [Fact]
    public async Task CleanTornAsync_DayWithoutManifest_IsRemovedAndCanBePublished()
    {
        await PublishAsync(Day, "abc");
        await LeaveTornAsync(Day.AddDays(1), "events-0000-00000000.parquet");
        Assert.Equal([Day], await Store.ListAsync(LakeTable.Log, Ct));

        Assert.Equal(1, await Store.CleanTornAsync(LakeTable.Log, Ct));
        Assert.Equal(0, await Store.CleanTornAsync(LakeTable.Log, Ct));
        await PublishAsync(Day.AddDays(1), "d");

        Assert.Equal([Day, Day.AddDays(1)], await Store.ListAsync(LakeTable.Log, Ct));
    }

    [Fact]
    public async Task BeginAsync_DayThatIsTorn_CanBePublished()
    {
        await LeaveTornAsync(Day, "events-0000-00000000.parquet");

        await PublishAsync(Day, "abc");

        Assert.Equal([Day], await Store.ListAsync(LakeTable.Log, Ct));
    }

    [Theory]
    [InlineData("abd", "is not what was written: its checksum differs")]
    [InlineData("ab", "has 2 bytes instead of 3")]
    [InlineData(null, "is missing")]
    public async Task FetchAsync_ChangedContent_IsRefusedByName(string? content, string expected)
    {
        var manifest = await PublishAsync(Day, "abc");
        await DamageAsync(Day, manifest.Files[0].Name, content is null ? null : Encoding.UTF8.GetBytes(content));
        using var other = Another();

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => other.FetchAsync(LakeTable.Log, Day, manifest.Files[0], ct: Ct));

        Assert.Contains($"{manifest.Files[0].Name} {expected}", refusal.Message, StringComparison.Ordinal);
    }

    protected async Task<LakeManifest> PublishAsync(DateOnly day, params string[] contents)
    {
        using var publication = await Store.BeginAsync(LakeTable.Log, day, Ct);
        var manifest = await WriteAsync(publication.Folder, day, contents);
        Assert.True(await publication.CommitAsync(manifest, Ct));
        return manifest;
    }

    private static async Task<LakeManifest> WriteAsync(string folder, DateOnly day, params string[] contents)
    {
        var files = new List<LakeFile>();
        foreach (var content in contents)
        {
            var path = Path.Combine(folder, $"{files.Count}.tmp");
            await File.WriteAllTextAsync(path, content, Ct);
            var digest = await FileDigest.OfAsync(path, Ct);
            var name = $"events-{files.Count:0000}-{digest.Sha256[..8]}.parquet";
            File.Move(path, Path.Combine(folder, name));
            files.Add(new LakeFile(name, "events", 1, digest.Bytes, digest.Sha256));
        }
        return LakeDraft.Of(LakeTable.Log, day, 1, TimeProvider.System) with
        {
            FirstPosition = 1,
            LastPosition = files.Count,
            Entries = files.Count,
            RowsByKind = new() { ["event"] = files.Count },
            Files = files,
        };
    }

    private static LakeManifest Parse(byte[]? json, DateOnly? day = null) =>
        LakeManifest.Parse(json!, LakeTable.Log, day ?? Day, "the day");
}

public sealed class FolderLakeStoreTests : LakeStoreContract
{
    private readonly TemporaryFolder folder = new();

    protected override Task<ILakeStore> OpenAsync() => Task.FromResult(Another());

    protected override ILakeStore Another() => new FolderLakeStore(folder["lake"]);

    protected override Task LeaveTornAsync(DateOnly day, string name)
    {
        folder.Write($"lake/log/day={day:yyyy-MM-dd}/{name}", "half");
        return Task.CompletedTask;
    }

    protected override Task DamageAsync(DateOnly day, string name, byte[]? content)
    {
        var path = folder[$"lake/log/day={day:yyyy-MM-dd}/{name}"];
        if (content is null) File.Delete(path);
        else File.WriteAllBytes(path, content);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task CommitAsync_FullDisk_SaysSoAndGoesOnOnceThereIsRoom()
    {
        using var disk = SmallDisk.Mount(4);
        await using var rig = await LakeRig.OpenAsync();
        var options = new LakeOptions { Folder = Path.Combine(disk.Path, "lake") };
        using var store = LakeStores.Open(options, folder.Path);
        await rig.Database.KnowAsync("i");
        rig.At(1, 12);
        await rig.ResolveAsync();
        var export = new LakeExport(store, new LakeSource(rig.Database.EventLog, rig.Database.Contents, rig.Database.ServedRecords),
            rig.Database.Clock, options);
        disk.Fill();

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => export.RunAsync(new LakeExportRequest(), ct: Ct));
        var during = await store.ListAsync(LakeTable.Log, Ct);
        disk.Free();
        var report = await export.RunAsync(new LakeExportRequest(), ct: Ct);

        Assert.Contains("See that there is room on the disk", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(during);
        Assert.Single(report.Written);
        Assert.Empty((await new LakeVerification(store).RunAsync(LakeTable.Log, ct: Ct)).Faults);
    }
}
